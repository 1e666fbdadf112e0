package doctor

import (
	"strconv"
	"strings"
	"time"
)

// value is what stands for a name in braces.
type value struct {
	name string
	is   Words
}

// fill puts values into words.
func fill(w Words, values []value) Words {
	for _, v := range values {
		w.VI = strings.ReplaceAll(w.VI, "{"+v.name+"}", v.is.VI)
		w.EN = strings.ReplaceAll(w.EN, "{"+v.name+"}", v.is.EN)
	}
	return w
}

// plain is the same in both languages.
func plain(name, text string) value { return value{name, Words{text, text}} }

// decimal is a number; Vietnamese writes a comma.
func decimal(name string, x float64, digits int) value {
	return value{name, number(x, digits)}
}

func number(x float64, digits int) Words {
	text := strconv.FormatFloat(round(x, digits)+0, 'f', digits, 64) // + 0 makes -0 a 0
	return Words{strings.Replace(text, ".", ",", 1), text}
}

// span is a time that is long enough to be felt.
func span(name string, d time.Duration) value {
	unit, of, digits := Words{" giây", " s"}, time.Second, 1
	switch a := d.Abs(); {
	case a >= 48*time.Hour:
		unit, of, digits = Words{" ngày", " days"}, 24*time.Hour, 0
	case a >= 2*time.Hour:
		unit, of, digits = Words{" giờ", " hours"}, time.Hour, 0
	case a >= 2*time.Minute:
		unit, of, digits = Words{" phút", " min"}, time.Minute, 0
	}
	n := number(float64(d)/float64(of), digits)
	return value{name, Words{n.VI + unit.VI, n.EN + unit.EN}}
}

func milliseconds(name string, d time.Duration) value {
	if d >= time.Second {
		return span(name, d)
	}
	return plain(name, strconv.FormatInt(d.Milliseconds(), 10)+" ms")
}

// bits is a rate in bit/s.
func bits(name string, b float64) value {
	unit, n := " kbit/s", number(b/1e3, 0)
	if b >= 1e6 {
		unit, n = " Mbit/s", number(b/1e6, 1)
	}
	return value{name, Words{n.VI + unit, n.EN + unit}}
}
