package onvif

import (
	"regexp"
	"strconv"
	"time"
)

// reading is what a device says of its clock.
type reading struct {
	utc   time.Time
	local time.Time // as if its zone were UTC; zero where it does not say
}

// readClock reads the answer to GetSystemDateAndTime. Some makes tell the local
// time only, with or without a zone.
func readClock(answer *element) (reading, bool) {
	at := answer.at("SystemDateAndTime")
	local, hasLocal := readTime(at.at("LocalDateTime"))
	utc, hasUTC := readTime(at.at("UTCDateTime"))
	if !hasUTC && hasLocal {
		utc, hasUTC = local.Add(-zone(at.at("TimeZone", "TZ").text)), true
	}
	return reading{utc, local}, hasUTC
}

func readTime(e *element) (time.Time, bool) {
	var n [6]int
	for i, path := range [][]string{{"Date", "Year"}, {"Date", "Month"}, {"Date", "Day"}, {"Time", "Hour"}, {"Time", "Minute"}, {"Time", "Second"}} {
		v, err := strconv.Atoi(e.at(path...).text)
		if err != nil {
			return time.Time{}, false
		}
		n[i] = v
	}
	if n[0] < 1970 || n[0] > 9999 || n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31 || n[3] < 0 || n[3] > 23 || n[4] < 0 || n[4] > 59 || n[5] < 0 || n[5] > 60 {
		return time.Time{}, false
	}
	return time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC), true
}

// posix is the beginning of a POSIX time zone: CST-8, <+07>-7, CET-1CEST, GMT+07:00.
var posix = regexp.MustCompile(`^(?:<[^<>]{1,16}>|[A-Za-z]{1,16})([+-]?)(\d{1,2})(?::(\d{2}))?`)

// zone is how far ahead of UTC a POSIX time zone is, daylight saving left aside;
// 0 where it cannot be read. Its sign is the other way round: CST-8 is eight
// hours ahead. Makes write GMT+07:00 for seven hours ahead all the same.
func zone(tz string) time.Duration {
	m := posix.FindStringSubmatch(tz)
	if m == nil {
		return 0
	}
	hours, _ := strconv.Atoi(m[2])   // digits
	minutes, _ := strconv.Atoi(m[3]) // digits, or none
	ahead := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if ahead > 14*time.Hour {
		return 0
	}
	human := m[3] != "" && len(tz) == len("GMT+07:00") && (tz[:3] == "GMT" || tz[:3] == "UTC")
	if (m[1] == "-") == human {
		ahead = -ahead
	}
	return ahead
}
