package api

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/sheet"
)

// schema is a JSON Schema (2020-12).
type schema map[string]any

func oneOf[T ~string](values ...T) schema {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return schema{"type": "string", "enum": all}
}

// letters is a string of so many.
func letters(least, most int) schema {
	s := schema{"type": "string", "maxLength": most}
	if least > 0 {
		s["minLength"] = least
	}
	return s
}

func within(least, most float64) schema {
	return schema{"type": "number", "minimum": least, "maximum": most}
}

// identifier is what the inventory's names may be.
func identifier() schema { return schema{"type": "string", "pattern": "^[a-z0-9-]{1,64}$"} }

// plain are the types that are no documents, as the code checks them.
func plain(t reflect.Type) (schema, bool) {
	switch t {
	case reflect.TypeFor[gateway.CameraID](), reflect.TypeFor[gateway.AreaID]():
		return identifier(), true
	case reflect.TypeFor[gateway.Kind]():
		return oneOf(gateway.Public, gateway.Household, gateway.Office, gateway.Institution), true
	case reflect.TypeFor[gateway.Transport]():
		return oneOf(gateway.Auto, gateway.TCP, gateway.UDP), true
	case reflect.TypeFor[gateway.Quality]():
		return oneOf(gateway.Main, gateway.Sub, gateway.Full, gateway.Low), true
	case reflect.TypeFor[auth.Way]():
		return oneOf(auth.Ways...), true
	case reflect.TypeFor[gateway.Care]():
		return oneOf(gateway.Cares...), true
	case reflect.TypeFor[auth.Role]():
		return oneOf(auth.Viewer, auth.Supervisor, auth.Administrator, auth.Auditor), true
	case reflect.TypeFor[auth.Action]():
		return oneOf(auth.List, auth.View, auth.Lookback, auth.Export, auth.PTZ, auth.Administer, auth.Supervise, auth.Audit, auth.ShareOut), true
	case reflect.TypeFor[auth.Reason]():
		return oneOf(auth.Reasons()...), true
	case reflect.TypeFor[auth.Event]():
		return oneOf(auth.Events()...), true
	case reflect.TypeFor[auth.State]():
		return oneOf(auth.Open, auth.Granted, auth.Refused, auth.Withdrawn), true
	case reflect.TypeFor[sheet.Outcome]():
		return oneOf(sheet.Added, sheet.Changed, sheet.Unchanged, sheet.Refused), true
	case reflect.TypeFor[sheet.Format]():
		return oneOf(sheet.CSV, sheet.YAML), true
	case reflect.TypeFor[time.Time]():
		return schema{"type": "string", "format": "date-time"}, true
	case reflect.TypeFor[cornerDoc]():
		return schema{"type": "array", "description": "x, y in fractions of the picture, from its upper left corner", "minItems": 2, "maxItems": 2,
			"items": within(0, 1)}, true
	case reflect.TypeFor[[2]float64]():
		return schema{"type": "array", "description": "latitude, longitude in degrees", "minItems": 2, "maxItems": 2,
			"prefixItems": []any{within(-90, 90), within(-180, 180)}}, true
	}
	return nil, false
}

// schemas are the documents' schemas, by their names.
type schemas map[string]schema

// schemaOf is the schema of a type that is no document.
func schemaOf[T any]() schema { return schemas{}.of(reflect.TypeFor[T]()) }

// of is the schema of a type. Structs are kept under their names, and referred
// to.
func (s schemas) of(t reflect.Type) schema {
	if known, ok := plain(t); ok {
		return known
	}
	if t == reflect.TypeFor[sheet.Message]() {
		t = reflect.TypeFor[sheet.MessageDoc]()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.String:
		return schema{"type": "string"}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Float64:
		return schema{"type": "number"}
	case reflect.Int, reflect.Int64:
		return schema{"type": "integer"}
	case reflect.Uint, reflect.Uint64:
		return schema{"type": "integer", "minimum": 0}
	case reflect.Slice:
		return schema{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return schema{"type": "object"}
	case reflect.Struct:
		name := nameOf(t)
		if s[name] == nil {
			s[name] = schema{} // while it is made, for one that holds itself
			s[name] = s.document(t)
		}
		return schema{"$ref": "#/components/schemas/" + name}
	}
	panic("api: no document may hold a " + t.String()) // at start, and in every test
}

// nameOf is what a document is called: cameraDoc is Camera.
func nameOf(t reflect.Type) string {
	name := strings.TrimSuffix(t.Name(), "Doc")
	name = strings.ToUpper(name[:1]) + name[1:]
	if from := t.PkgPath(); !strings.HasSuffix(from, "/api") {
		from = from[strings.LastIndex(from, "/")+1:]
		name = strings.ToUpper(from[:1]) + from[1:] + name
	}
	return name
}

// document is the schema of a struct: what encoding/json makes of it.
func (s schemas) document(t reflect.Type) schema {
	properties, required := map[string]schema{}, []string{}
	s.fields(t, properties, &required)
	slices.Sort(required)
	return schema{"type": "object", "properties": properties, "required": slices.Compact(required)}
}

func (s schemas) fields(t reflect.Type, properties map[string]schema, required *[]string) {
	for f := range slices.Values(reflect.VisibleFields(t)) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if len(f.Index) > 1 || name == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		if f.Anonymous && name == "" {
			embedded := f.Type
			if embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			s.fields(embedded, properties, required)
			continue
		}
		if name == "" {
			name = f.Name
		}
		is := s.of(f.Type)
		optional := strings.Contains(options, "omit") || strings.HasSuffix(t.Name(), "Body")
		for rule := range strings.SplitSeq(f.Tag.Get("schema"), ",") {
			switch rule {
			case "":
			case "optional", "required": // of a request
				optional = rule == "optional"
			default:
				is.add(rule)
			}
		}
		if properties[name] = is; !optional {
			*required = append(*required, name)
		}
	}
}

// add adds one rule of a field's tag: a keyword and its value. "each." is for
// the items of a list.
func (s schema) add(rule string) {
	if rest, ok := strings.CutPrefix(rule, "each."); ok {
		items := maps.Clone(s["items"].(schema))
		items.add(rest)
		s["items"] = items
		return
	}
	key, value, has := strings.Cut(rule, "=")
	switch n, err := strconv.ParseFloat(value, 64); {
	case !has:
		s[key] = true
	case key == "enum":
		maps.Copy(s, oneOf(strings.Split(value, "|")...))
	case err == nil:
		s[key] = n
	default:
		s[key] = value
	}
}
