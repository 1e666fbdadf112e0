package onvif

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// Bounds of a document.
const (
	maxReply    = 1 << 20 // bytes
	maxDepth    = 32
	maxElements = 50_000   // a recorder's 64 channels have some 12,000
	maxContent  = 16 << 10 // bytes of an element's own text
	maxText     = 300      // bytes of a name or a reason that people read
	maxToken    = 256      // bytes; a ReferenceToken has 64, and some makes' have more
)

// element is a node of a document. Namespaces are left aside: makes bind them to
// any prefix, or forget to.
type element struct {
	name     string
	attrs    []xml.Attr
	text     string // of the element itself, without the blanks around it
	children []*element
}

// parse reads a document within its bounds.
func parse(b []byte) (*element, error) {
	if len(b) > maxReply {
		return nil, fmt.Errorf("more than %d KiB", maxReply>>10)
	}
	d := xml.NewDecoder(bytes.NewReader(bytes.ToValidUTF8(b, []byte("?"))))
	d.Strict = false // some makes leave & in addresses as it is
	// Makes name all kinds of encodings; what is not UTF-8 has become question marks.
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var open []*element
	for count := 0; ; {
		token, err := d.Token()
		switch {
		case err == io.EOF:
			return nil, errors.New("the document ends too soon")
		case err != nil:
			return nil, errors.New("no well-formed XML")
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errors.New("a document type, which is not taken")
		case xml.StartElement:
			if count++; count > maxElements || len(open) >= maxDepth {
				return nil, fmt.Errorf("more than %d elements or %d levels", maxElements, maxDepth)
			}
			e := &element{name: t.Name.Local, attrs: t.Attr}
			if len(open) > 0 {
				above := open[len(open)-1]
				above.children = append(above.children, e)
			}
			open = append(open, e)
		case xml.CharData:
			// An element's own text is short; one that holds others has blanks only.
			if len(open) > 0 && len(open[len(open)-1].children) == 0 {
				e := open[len(open)-1]
				if e.text += string(t); len(e.text) > maxContent {
					return nil, fmt.Errorf("an element of more than %d KiB", maxContent>>10)
				}
			}
		case xml.EndElement:
			if len(open) == 0 {
				return nil, errors.New("no well-formed XML")
			}
			e := open[len(open)-1]
			e.text = strings.TrimSpace(e.text)
			if open = open[:len(open)-1]; len(open) == 0 {
				return e, nil
			}
		}
	}
}

// at is the first element on a path of names, one that is empty where there is
// none.
func (e *element) at(path ...string) *element {
	for _, name := range path {
		next := (*element)(nil)
		for _, c := range e.children {
			if c.name == name {
				next = c
				break
			}
		}
		if next == nil {
			return &element{}
		}
		e = next
	}
	return e
}

// has says whether there is such an element.
func (e *element) has(path ...string) bool { return e.at(path...).name != "" }

// all are the children of a name.
func (e *element) all(name string) (out []*element) {
	for _, c := range e.children {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

// attr is an attribute, "" where there is none.
func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// token is the token of an element, "" where it has none that can be used.
func (e *element) token() string { return goodToken(e.attr("token")) }

func goodToken(s string) string {
	if len(s) > maxToken || strings.ContainsFunc(s, unicode.IsControl) {
		return ""
	}
	return s
}

// label is a text for people: printable, and not endless.
func (e *element) label() string { return label(e.text) }

func label(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	return strings.TrimSpace(s)
}

// count is a number from 0 to a bound, 0 where it is none.
func (e *element) count(most int) int {
	f, err := strconv.ParseFloat(e.text, 64) // some makes write 25.000000
	if err != nil || !(f >= 0 && f <= float64(most)) {
		return 0
	}
	return int(f)
}

// yes is a boolean, which XML writes in two ways.
func yes(s string) bool { return s == "1" || strings.EqualFold(s, "true") }

// escape makes a text safe between tags and in quotes.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}
