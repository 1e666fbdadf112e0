package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"matthan/auth"
	"matthan/gateway"
	"matthan/gateway/sheet"
)

// maxFound bounds what a search for areas gives.
const maxFound = 50

// placeDoc is an area by its name only: neither what is in it nor how much.
type placeDoc struct {
	ID   gateway.AreaID `json:"id"`
	Name string         `json:"name"`
	Path string         `json:"path"` // the names above it, from the top: "Hà Nội › Đống Đa"; "" at the top
}

// placesDoc answers GET /api/v1/requests/areas.
type placesDoc struct {
	Areas []placeDoc `json:"areas"`
}

// requestAreas serves GET /api/v1/requests/areas: the areas that the caller may
// ask for, with all words of ?q= in their name or the names above; those with
// all of them in their own name first.
func (a *API) requestAreas(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	if !a.Policy.Offices(s, time.Now()).Ask {
		fail(w, noEntry)
		return
	}
	_, words, ok := asked(w, r)
	if !ok {
		return
	}
	names, areas := a.areaNames(), a.Inventory.Areas()
	folded := make(map[string]string, len(areas))
	for _, area := range areas {
		folded[string(area.ID)] = sheet.Fold(area.Name) + " " + sheet.Fold(string(area.ID))
	}
	var named, within []placeDoc
	for _, area := range areas {
		if len(named) == maxFound {
			break
		}
		if hasWords(folded[string(area.ID)], words) {
			named = append(named, placeDoc{area.ID, area.Name, a.above(area.ID, names, " › ")})
		} else if len(within) < maxFound && hasWords(folded[string(area.ID)]+" "+a.above(area.ID, folded, " "), words) {
			within = append(within, placeDoc{area.ID, area.Name, a.above(area.ID, names, " › ")})
		}
	}
	all := append(named, within...)
	a.answer(w, r, placesDoc{some(all[:min(len(all), maxFound)])})
}

// above are the names of the areas above one, from the top, with between
// between them.
func (a *API) above(id gateway.AreaID, names map[string]string, between string) string {
	path := a.path(id)
	if len(path) < 2 {
		return ""
	}
	out := make([]string, 0, len(path)-1)
	for _, each := range path[1:] {
		out = append(out, names[each])
	}
	slices.Reverse(out)
	return strings.Join(out, between)
}
