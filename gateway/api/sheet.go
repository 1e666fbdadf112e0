package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"matthan/auth"
	"matthan/gateway/sheet"
)

// sheetTypes are the forms of an import by their media types.
var sheetTypes = map[string]sheet.Format{"text/csv": sheet.CSV, "application/yaml": sheet.YAML, "text/yaml": sheet.YAML}

// importDoc answers an import.
type importDoc struct {
	*sheet.Preview
	Applied bool `json:"applied"`
}

// importSheet serves POST /api/v1/inventory/import. It asks for the right to
// administer everything: an import may touch any area.
func (a *API) importSheet(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	if !a.administers(s, "", "", "") {
		fail(w, notFound)
		return
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	format, ok := sheetTypes[strings.TrimSpace(kind)]
	if !ok {
		fail(w, badSheet)
		return
	}
	// All of it before the lock, which nobody holds by sending slowly.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, sheet.MaxBytes))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		fail(w, tooLarge)
		return
	case err != nil:
		fail(w, badBody)
		return
	}
	// What is previewed is what is replaced: a change in between would be lost.
	a.writing.Lock()
	defer a.writing.Unlock()
	areas, cameras := a.Records.All()
	p, err := sheet.Read("import."+string(format), bytes.NewReader(body), sheet.State{Areas: areas, Cameras: cameras},
		sheet.Options{IgnoreUnknownColumns: r.FormValue("ignore_columns") == "true", Lent: a.Records.Lent()})
	var problems sheet.Problems
	switch {
	case errors.As(err, &problems):
		p := wrong
		for _, m := range problems {
			p = p.with(m.Column, m.Text("vi"))
		}
		fail(w, p)
		return
	case err != nil:
		fail(w, badBody)
		return
	}
	doc := importDoc{Preview: p}
	if r.FormValue("apply") == "true" {
		next, err := p.Apply(r.FormValue("skip_refused") == "true")
		if err == nil {
			if err = a.Records.Replace(r.Context(), next.Areas, next.Cameras); err != nil {
				a.done(w, err, 0)
				return
			}
			doc.Applied = true
			is := auth.Record{Event: auth.InventoryImported, Detail: fmt.Sprintf("cameras: %d new, %d changed; areas: %d new, %d changed",
				p.Cameras.Added, p.Cameras.Changed, p.Areas.Added, p.Areas.Changed)}
			if !a.noted(w, r, s, auth.Administer, is) || !a.notedMasks(w, r, s, cameras, next.ChangedCameras) {
				return
			}
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if !p.OK() && !doc.Applied {
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	_ = json.NewEncoder(w).Encode(doc) // the caller may be gone
}

// exportSheet serves GET /api/v1/inventory/export.
func (a *API) exportSheet(w http.ResponseWriter, r *http.Request, s auth.Subject) {
	if !a.administers(s, "", "", "") {
		fail(w, notFound)
		return
	}
	style := sheet.Style{Format: sheet.CSV, Language: "vi"}
	kind := "text/csv; charset=utf-8"
	switch r.FormValue("format") {
	case "", "csv":
	case "yaml":
		style.Format, kind = sheet.YAML, "application/yaml"
	default:
		fail(w, badSheet)
		return
	}
	if r.FormValue("lang") == "en" {
		style.Language = "en"
	}
	if r.FormValue("separator") == ";" {
		style.Separator = ';'
	}
	areas, cameras := a.Records.All()
	var out bytes.Buffer
	if err := sheet.Write(&out, style, sheet.State{Areas: areas, Cameras: cameras}); err != nil {
		a.Log.Error("api: the inventory cannot be written as a sheet", "err", err)
		fail(w, internal)
		return
	}
	is := auth.Record{Event: auth.InventoryExported, Detail: fmt.Sprintf("%s, %d cameras and %d areas", style.Format, len(cameras), len(areas))}
	if err := a.note(r, s, auth.Administer, is); err != nil {
		a.Log.Error("api: the inventory was not exported, since that could not be recorded", "subject", s.ID, "err", err)
		fail(w, unrecorded)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="matthan.`+string(style.Format)+`"`)
	_, _ = w.Write(out.Bytes()) // the caller may be gone
}
