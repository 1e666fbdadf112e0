package portal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"matthan/auth"
)

// Bounds of a token: of its whole in bytes, and of its times in seconds since 1970,
// which a JSON number of any length could be.
const (
	maxToken = auth.MaxSecret
	maxTime  = 1 << 40

	tokenType = "embed+jwt"
	algorithm = "EdDSA"
)

// errToken is what is told of a token that is wrong, whatever is wrong with it.
var errToken = auth.ErrUnauthenticated

// signed is a token that was taken apart. Nothing in it is verified.
type signed struct {
	kid, issuer string
	claims      map[string]json.RawMessage
	text        []byte // that is signed
	signature   []byte
}

// parse takes a token apart.
func parse(raw string) (signed, error) {
	if len(raw) > maxToken || strings.Count(raw, ".") != 2 {
		return signed{}, errToken
	}
	end := strings.LastIndexByte(raw, '.')
	head, body, _ := strings.Cut(raw[:end], ".")
	s := signed{text: []byte(raw[:end])}
	var err error
	if s.signature, err = decode(raw[end+1:]); err != nil || len(s.signature) != ed25519.SignatureSize {
		return signed{}, errToken
	}
	header, err := object(head)
	if err != nil || len(header) != 3 {
		return signed{}, errToken
	}
	var alg, typ string
	if !text(header, "alg", &alg) || !text(header, "typ", &typ) || !text(header, "kid", &s.kid) ||
		alg != algorithm || typ != tokenType || !auth.IsKID(s.kid) {
		return signed{}, errToken
	}
	if s.claims, err = object(body); err != nil || !text(s.claims, "iss", &s.issuer) {
		return signed{}, errToken
	}
	return s, nil
}

// decode takes base64url without padding, of which there is one way to write it.
func decode(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") { // which the decoder passes by
		return nil, errToken
	}
	return base64.RawURLEncoding.Strict().DecodeString(s)
}

// object reads a JSON object in which every name stands once, with the letters as
// they are.
func object(encoded string) (map[string]json.RawMessage, error) {
	b, err := decode(encoded)
	if err != nil {
		return nil, err
	}
	in := json.NewDecoder(bytes.NewReader(b))
	if t, err := in.Token(); err != nil || t != json.Delim('{') {
		return nil, errToken
	}
	out := map[string]json.RawMessage{}
	for in.More() {
		name, err := in.Token()
		if err != nil {
			return nil, err
		}
		key, _ := name.(string) // the decoder lets no other follow
		if _, twice := out[key]; twice {
			return nil, errToken
		}
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			return nil, err
		}
		out[key] = value
	}
	if _, err := in.Token(); err != nil {
		return nil, err
	}
	if _, err := in.Token(); err != io.EOF {
		return nil, errToken
	}
	return out, nil
}

// text takes a string by its name; false where it is missing or something else.
func text(from map[string]json.RawMessage, name string, to *string) bool {
	v, ok := from[name]
	return ok && len(v) > 1 && v[0] == '"' && json.Unmarshal(v, to) == nil
}

// optional is text for what may be missing.
func optional(from map[string]json.RawMessage, name string, to *string) bool {
	_, ok := from[name]
	return !ok || text(from, name, to)
}

// moment takes a NumericDate (RFC 7519 section 2).
func moment(from map[string]json.RawMessage, name string, to *time.Time) bool {
	var seconds float64
	v, ok := from[name]
	if !ok || len(v) == 0 || v[0] == 'n' || json.Unmarshal(v, &seconds) != nil || seconds < 0 || seconds > maxTime {
		return false
	}
	*to = time.UnixMilli(int64(seconds * 1000)).UTC()
	return true
}

// audience takes aud, alone or as the only one of a list.
func audience(from map[string]json.RawMessage) string {
	var one string
	if text(from, "aud", &one) {
		return one
	}
	var list []string
	if json.Unmarshal(from["aud"], &list) == nil && len(list) == 1 {
		return list[0]
	}
	return ""
}

// visa is what verified claims say.
func (s *signed) visa(origin string, now time.Time) (auth.Visa, error) {
	v := auth.Visa{Portal: s.issuer, KID: s.kid}
	c := s.claims
	ok := origin != "" && audience(c) == origin &&
		text(c, "jti", &v.ID) && text(c, "sub", &v.Officer) && text(c, "org", &v.Origin) &&
		optional(c, "name", &v.Name) && optional(c, "cam", &v.Camera) && optional(c, "area", &v.Area) &&
		optional(c, "reason", &v.Reason) && optional(c, "case", &v.Case) &&
		moment(c, "iat", &v.Issued) && moment(c, "exp", &v.Expires)
	if _, there := c["nbf"]; ok && there {
		var from time.Time
		ok = moment(c, "nbf", &from) && !from.After(now.Add(earliest))
	}
	if !ok {
		return auth.Visa{}, errToken
	}
	return v, nil
}

// earliest is how far ahead a portal's clock may be.
const earliest = 30 * time.Second

// sign makes a token of what it is to say.
func sign(v auth.Visa, origin string, key ed25519.PrivateKey) (string, error) {
	if origin == "" {
		return "", errors.New("the gateway does not know yet by which origin it is reached")
	}
	header, err := json.Marshal(map[string]string{"alg": algorithm, "typ": tokenType, "kid": v.KID})
	if err != nil {
		return "", fmt.Errorf("write the header: %w", err)
	}
	claims := map[string]any{"iss": v.Portal, "aud": origin, "sub": v.Officer, "org": v.Origin, "jti": v.ID,
		"iat": v.Issued.Unix(), "exp": v.Expires.Unix()}
	for name, value := range map[string]string{"name": v.Name, "cam": v.Camera, "area": v.Area, "reason": v.Reason, "case": v.Case} {
		if value != "" {
			claims[name] = value
		}
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("write the claims: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode(header) + "." + encode(body)
	return text + "." + encode(ed25519.Sign(key, []byte(text))), nil
}
