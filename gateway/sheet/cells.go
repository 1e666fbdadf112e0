package sheet

import "strings"

// cells takes CSV apart, row by row as a spreadsheet counts them: a line break
// in quotes begins no row, an empty line is one. A quote inside a cell that does
// not begin with one is a letter like others, as for Excel.
type cells struct {
	text      string
	separator byte
	row       int // of the last one read, from 1

	values []string // of the last row, valid until the next
	faults []fault  // of the last row
}

// fault is a cell that is not well formed.
type fault struct {
	column int
	code   Code
}

// next reads a row; false at the end. What goes beyond MaxColumns is left out,
// and a cell beyond MaxCell is empty, both with a fault.
func (c *cells) next() bool {
	c.values, c.faults = c.values[:0], c.faults[:0]
	if c.text == "" {
		return false
	}
	c.row++
	for column := 0; ; column++ {
		value, code, more := c.cell()
		if column >= MaxColumns {
			if column == MaxColumns {
				c.faults = append(c.faults, fault{column, ColumnsMany})
			}
		} else {
			if code == "" && len(value) > MaxCell {
				value, code = "", CellLong
			}
			if code != "" {
				c.faults = append(c.faults, fault{column, code})
			}
			c.values = append(c.values, value)
		}
		if !more {
			return true
		}
	}
}

// cell reads one cell and what ends it. more says that the row goes on.
func (c *cells) cell() (value string, code Code, more bool) {
	if strings.HasPrefix(c.text, `"`) {
		return c.quoted()
	}
	end := strings.IndexAny(c.text, string([]byte{c.separator, '\r', '\n'}))
	if end < 0 {
		end = len(c.text)
	}
	value, c.text = c.text[:end], c.text[end:]
	return value, "", c.pass()
}

func (c *cells) quoted() (value string, code Code, more bool) {
	rest := c.text[1:]
	doubled := false
	for at := 0; ; {
		i := strings.IndexByte(rest[at:], '"')
		if i < 0 {
			c.text = ""
			return "", QuoteOpen, false
		}
		at += i
		if at+1 < len(rest) && rest[at+1] == '"' {
			doubled = true
			at += 2
			continue
		}
		value, c.text = rest[:at], rest[at+1:]
		break
	}
	if len(value) > 2*MaxCell {
		value, code = "", CellLong
	} else if doubled {
		value = strings.ReplaceAll(value, `""`, `"`)
	}
	if stray := strings.IndexAny(c.text, string([]byte{c.separator, '\r', '\n'})); stray != 0 && c.text != "" {
		if stray < 0 {
			stray = len(c.text)
		}
		if strings.TrimSpace(c.text[:stray]) != "" {
			code = QuoteStray
		}
		c.text = c.text[stray:]
	}
	return value, code, c.pass()
}

// pass steps over what ends a cell and says whether the row goes on.
func (c *cells) pass() bool {
	if c.text == "" {
		return false
	}
	end := c.text[0]
	c.text = c.text[1:]
	if end == c.separator {
		return true
	}
	if end == '\r' {
		c.text = strings.TrimPrefix(c.text, "\n")
	}
	return false
}

// empty says whether the last row holds nothing.
func (c *cells) empty() bool {
	for _, v := range c.values {
		if strings.TrimSpace(v) != "" {
			return false
		}
	}
	return len(c.faults) == 0
}
