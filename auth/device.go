package auth

import "strings"

// browsers and systems are looked for in this order: most browsers name others
// beside themselves, and Android names Linux.
var (
	browsers = [...][2]string{
		{"Zalo", "Zalo"}, {"coc_coc_browser", "Cốc Cốc"}, {"SamsungBrowser/", "Samsung Internet"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"},
		{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"},
		{"Chromium/", "Chromium"}, {"Chrome/", "Chrome"}, {"Version/", "Safari"},
	}
	systems = [...][2]string{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
		{"Macintosh", "macOS"}, {"Linux", "Linux"},
	}
)

// Device names a device to its owner by its User-Agent: "Chrome, Android". It
// is made of our own words only, whatever was sent.
func Device(userAgent string) string {
	userAgent = userAgent[:min(len(userAgent), 512)]
	find := func(table [][2]string, unknown string) string {
		for _, entry := range table {
			if strings.Contains(userAgent, entry[0]) {
				return entry[1]
			}
		}
		return unknown
	}
	return find(browsers[:], "Browser") + ", " + find(systems[:], "unknown system")
}
