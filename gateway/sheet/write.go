package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"matthan/gateway"
)

// Style is the form of an export.
type Style struct {
	Format    Format
	Language  string // of CSV's header: "vi", else English
	Separator byte   // of CSV: ',' where it is 0, ';' or tab
}

// Write exports an inventory in a form that Read takes, and in which it finds
// nothing to change. It holds no passwords: their column is there and empty, and
// what stands for one in an address is hidden. CSV has a byte order mark, without
// which Excel spoils Vietnamese; with ';' it has decimal commas, for the
// spreadsheets that ask for it have them too. CSV holds cameras and the areas in
// which they stand; YAML holds all areas.
func Write(w io.Writer, s Style, state State) error {
	switch s.Format {
	case CSV:
		return writeCSV(w, s, state)
	case YAML:
		return writeYAML(w, state)
	}
	return fmt.Errorf("an export is csv or yaml, not %q", s.Format)
}

func writeCSV(w io.Writer, s Style, state State) error {
	if s.Separator == 0 {
		s.Separator = ','
	}
	if strings.IndexByte(",;\t", s.Separator) < 0 {
		return errors.New("the separator of an export is a comma, a semicolon or a tab")
	}
	t := newTree(state.Areas)
	b := bufio.NewWriter(w)
	names := fieldNames
	if s.Language == "vi" {
		names = vietnameseNames
	}
	_, _ = b.WriteString("\ufeff") // the writer keeps its first error until Flush
	writeRow(b, s.Separator, names[:numberField])
	for _, c := range state.Cameras {
		values := cameraValues(c, t)
		for f, v := range values {
			if len(v) > MaxCell {
				return fmt.Errorf("camera %q: its %s is longer than the %d bytes that a cell may hold", c.ID, fieldNames[f], MaxCell)
			}
		}
		if c.Position != nil {
			values[latField], values[lngField] = degrees(c.Position.Lat, s.Separator), degrees(c.Position.Lng, s.Separator)
		}
		writeRow(b, s.Separator, values[:])
	}
	return b.Flush()
}

// cameraValues are a camera's cells, but its position.
func cameraValues(c gateway.Camera, t *tree) (values [numberField]string) {
	values = [numberField]string{
		idField: string(c.ID), nameField: c.Name, areaIDField: string(c.Area), areaField: t.path(c.Area), kindField: string(c.Kind),
		mainField: withoutSecret(c.Main), subField: withoutSecret(c.Sub), userField: c.Login.User,
		transportField: string(c.Transport), warmField: strconv.FormatBool(c.KeepWarm), certificateField: strconv.FormatBool(c.AnyCertificate), soundField: strconv.FormatBool(c.Sound),
		markedField: strconv.FormatBool(c.Marked),
		onvifField:  withoutSecret(c.ONVIF.Address), identityField: c.ONVIF.Identity, profileField: c.ONVIF.Profile, ptzField: strconv.FormatBool(c.ONVIF.PTZ),
	}
	for i, v := range values {
		values[i] = guard(writable(v))
	}
	return values
}

func degrees(d float64, separator byte) string {
	text := strconv.FormatFloat(d, 'f', -1, 64)
	if separator == ';' {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

func writeRow(b *bufio.Writer, separator byte, values []string) {
	for i, v := range values {
		if i > 0 {
			_ = b.WriteByte(separator)
		}
		if strings.ContainsAny(v, ",;\t\"\r\n") || v != strings.TrimSpace(v) {
			v = `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
		}
		_, _ = b.WriteString(v)
	}
	_, _ = b.WriteString("\r\n")
}

type yamlFile struct {
	Areas   []yamlArea   `yaml:"areas"`
	Cameras []yamlCamera `yaml:"cameras"`
}

type yamlArea struct {
	ID     string `yaml:"id"`
	Name   string `yaml:"name"`
	Parent string `yaml:"parent"`
}

type yamlCamera struct {
	ID          string         `yaml:"id"`
	Name        string         `yaml:"name"`
	Area        string         `yaml:"area"`
	Kind        string         `yaml:"kind"`
	Position    []float64      `yaml:"position,omitempty,flow"`
	Main        string         `yaml:"main"`
	Sub         string         `yaml:"sub,omitempty"`
	Login       *yamlLogin     `yaml:"login,omitempty,flow"`
	Transport   string         `yaml:"transport,omitempty"`
	KeepWarm    bool           `yaml:"keep_warm,omitempty"`
	Certificate bool           `yaml:"any_certificate,omitempty"`
	ONVIF       *yamlONVIF     `yaml:"onvif,omitempty,flow"`
	Sound       bool           `yaml:"sound,omitempty"`
	Marked      bool           `yaml:"marked,omitempty"`
	Masks       [][][2]float64 `yaml:"masks,omitempty,flow"`
}

type yamlONVIF struct {
	Address  string `yaml:"address"`
	Identity string `yaml:"identity,omitempty"`
	Profile  string `yaml:"profile,omitempty"`
	PTZ      bool   `yaml:"ptz,omitempty"`
}

type yamlLogin struct {
	User     string `yaml:"user"`
	Password string `yaml:"password"` // always empty
}

func writeYAML(w io.Writer, state State) error {
	var file yamlFile
	for _, a := range state.Areas {
		file.Areas = append(file.Areas, yamlArea{string(a.ID), writable(a.Name), string(a.Parent)})
	}
	for _, c := range state.Cameras {
		y := yamlCamera{ID: string(c.ID), Name: writable(c.Name), Area: string(c.Area), Kind: string(c.Kind),
			Main: writable(withoutSecret(c.Main)), Sub: writable(withoutSecret(c.Sub)), Transport: string(c.Transport),
			KeepWarm: c.KeepWarm, Certificate: c.AnyCertificate, Sound: c.Sound, Marked: c.Marked, Masks: gateway.PairsOf(c.Masks)}
		if c.ONVIF != (gateway.ONVIF{}) {
			y.ONVIF = &yamlONVIF{writable(withoutSecret(c.ONVIF.Address)), writable(c.ONVIF.Identity), writable(c.ONVIF.Profile), c.ONVIF.PTZ}
		}
		if c.Position != nil {
			y.Position = []float64{c.Position.Lat, c.Position.Lng}
		}
		if c.Login != (gateway.Login{}) {
			y.Login = &yamlLogin{User: writable(c.Login.User)}
		}
		file.Cameras = append(file.Cameras, y)
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(file); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	if err := e.Close(); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}
