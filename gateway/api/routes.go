package api

import (
	"net/http"

	"matthan/gateway"
	"matthan/gateway/pmtiles"
	"matthan/gateway/sheet"
)

// The table of all routes. Nothing is served under /api that is not here.

const (
	get  = http.MethodGet
	put  = http.MethodPut
	post = http.MethodPost
	del  = http.MethodDelete
)

// routes are those that this gateway has.
func (a *API) routes() []route {
	rows := append(append(append(a.looking(), a.mapping()...), a.stating()...), a.lending()...)
	if a.Records != nil {
		rows = append(rows, a.keeping()...)
		rows = append(rows, a.sheets()...)
	}
	if a.Records != nil && a.Audit != nil && a.Trials != nil {
		rows = append(rows, a.trying())
	}
	if a.Records != nil && a.Audit != nil && a.Devices != nil {
		rows = append(rows, a.finding()...)
	}
	if a.Records != nil && a.Audit != nil && a.Check != nil {
		rows = append(rows, a.checking())
	}
	if a.Days != nil {
		rows = append(rows, a.attending()...)
	}
	if a.Troubles != nil {
		rows = append(rows, a.missing())
	}
	if a.Records != nil && a.Audit != nil {
		rows = append(rows, a.citizens()...)
	}
	if a.Accounts != nil {
		rows = append(rows, a.admitting()...)
	}
	if a.Audit != nil {
		rows = append(rows, a.auditing()...)
		if a.Viewing != nil {
			rows = append(rows, a.picturing()...)
		}
		if a.Looking != nil {
			rows = append(rows, a.watching()...)
		}
	}
	if a.Policy.HasPortals() {
		rows = append(rows, a.embedding()...)
	}
	return append(append(append(append(append(rows, a.caring()...), a.giving()...), a.sharing()...), a.arranging()...), a.starring()...)
}

// looking is for everybody who looks at cameras.
func (a *API) looking() []route {
	return []route{
		{method: get, path: "/api/v1/session", does: "Who the caller is to us.", may: anybody,
			gives: []answer{{200, sessionDoc{}}}, serve: a.session},
		{method: get, path: "/api/v1/cameras", does: "The cameras that the caller may see, and their areas.", may: known,
			query: searching(),
			gives: []answer{{200, listDoc{}}}, etag: weakTag, fails: []problem{badBody}, serve: a.list},
		{method: get, path: "/api/v1/cameras/{id}", does: "One camera.", may: whoeverLists,
			gives: []answer{{200, cameraDoc{}}}, etag: weakTag, serve: a.camera},
		a.glimpsing(),
	}
}

// searching is how a list of cameras is narrowed down.
func searching() []parameter {
	return []parameter{
		{"area", "only those in this area and below", schemaOf[gateway.AreaID]()},
		{"q", "only those whose name, area or id has all these words, accents left aside", letters(0, maxQuery)},
	}
}

// keeping is for those who keep the inventory.
func (a *API) keeping() []route {
	cameras, areas := "/api/v1/inventory/cameras/{id}", "/api/v1/inventory/areas/{id}"
	return []route{
		{method: get, path: "/api/v1/inventory/cameras", does: "The cameras that the caller administers, ordered by id, a page at a time.", may: known,
			query: append(searching(), parameter{"after", "the next of the page before", schemaOf[gateway.CameraID]()},
				parameter{"limit", "how many, 100 where it is left out", schema{"type": "integer", "minimum": 1, "maximum": maxPage}},
				parameter{"lent", "true: only citizens' cameras, which take a consent", schema{"type": "boolean"}}),
			gives: []answer{{200, stockListDoc{}}}, etag: weakTag, fails: []problem{badBody}, serve: a.stock},
		{method: get, path: "/api/v1/inventory/areas", does: "The areas that the caller administers, and the names of those above.", may: known,
			gives: []answer{{200, treeListDoc{}}}, etag: weakTag, serve: a.tree},
		{method: get, path: cameras, does: "A camera with its addresses, without its password.", may: administers,
			gives: []answer{{200, settingsDoc{}}}, etag: itsTag, serve: a.cameraSettings},
		{method: put, path: cameras, does: "Makes or changes a camera.", may: administers,
			takes: settingsDoc{}, gives: noContent, etag: mustTag, fails: []problem{wrong, lent, entered}, serve: a.cameraSettings},
		{method: del, path: cameras, does: "Removes a camera.", may: administers,
			gives: noContent, etag: mustTag, serve: a.cameraSettings},
		{method: get, path: areas, does: "An area.", may: administers,
			gives: []answer{{200, areaDoc{}}}, etag: itsTag, serve: a.areaSettings},
		{method: put, path: areas, does: "Makes or changes an area.", may: administers,
			takes: areaDoc{}, gives: noContent, etag: mustTag, fails: []problem{wrong}, serve: a.areaSettings},
		{method: del, path: areas, does: "Removes an area that holds nothing.", may: administers,
			gives: noContent, etag: mustTag, fails: []problem{inUse}, serve: a.areaSettings},
	}
}

// stating is what somebody works on.
func (a *API) stating() []route {
	const path = "/api/v1/case"
	return []route{
		{method: get, path: "/api/v1/reasons", does: "What a case may be of, in words.", may: known,
			gives: []answer{{200, []reasonDoc{}}}, etag: weakTag, serve: a.reasons},
		{method: get, path: path, does: "The session's open case; empty where there is none.", may: onlyPeople,
			gives: []answer{{200, caseDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.caseOf},
		{method: put, path: path, does: "States what is worked on. Citizens' cameras are shown for it until it is closed, or the session ends.", may: onlyPeople,
			takes: caseBody{}, gives: noContent, fails: []problem{noEntry, wrong, quicker}, serve: a.caseOf},
		{method: del, path: path, does: "Closes the case, and ends all looks at citizens' cameras.", may: onlyPeople,
			gives: noContent, fails: []problem{noEntry, quicker}, serve: a.caseOf},
	}
}

// lending is what owners of cameras agreed to.
func (a *API) lending() []route {
	const path = "/api/v1/inventory/cameras/{id}"
	return []route{
		{method: get, path: path + "/consent", does: "What the owner of a household's camera agreed to, and how it stands.", may: administers,
			gives: []answer{{200, consentDoc{}}}, etag: itsTag, serve: a.consent},
		{method: put, path: path + "/consent", does: "Enters what the owner signed on paper. What the owner masked or switched off stays so.", may: administers,
			takes: consentBody{}, gives: noContent, etag: mustTag, fails: []problem{wrong, lent, entered}, serve: a.consent},
		{method: del, path: path + "/consent", does: "Withdraws on the owner's behalf: nobody sees the camera any more, and its address and login are deleted.", may: administers,
			takes: withdrawalBody{}, gives: noContent, fails: []problem{wrong, quicker}, serve: a.consent},
		{method: post, path: path + "/owner-link", does: "Another private link for the owner. The one before ends.", may: administers,
			gives: []answer{{201, linkDoc{}}}, fails: []problem{wrong, quicker}, serve: a.ownerLink},
	}
}

// sheets is the inventory as one sheet.
func (a *API) sheets() []route {
	yes := oneOf("true", "false")
	return []route{
		{method: post, path: "/api/v1/inventory/import", does: "Says what a sheet of cameras and areas would change, and with apply changes it, all or nothing.",
			may: administersAll,
			query: []parameter{
				{"apply", "change it; else only say what would happen", yes},
				{"skip_refused", "leave out the rows that cannot be taken", yes},
				{"ignore_columns", "leave out the columns that are not known", yes},
			},
			takes: media{"text/csv", "application/yaml", "text/yaml"},
			gives: []answer{{200, importDoc{}}, {422, importDoc{}}}, fails: []problem{badBody, tooLarge, badSheet, wrong}, serve: a.importSheet},
		{method: get, path: "/api/v1/inventory/export", does: "The inventory as a sheet that people and import read. It holds no password.",
			may: administersAll,
			query: []parameter{
				{"format", "csv where it is left out", oneOf(sheet.CSV, sheet.YAML)},
				{"lang", "of the headers; vi where it is left out", oneOf("vi", "en")},
				{"separator", "a comma where it is left out", oneOf(",", ";")},
			},
			gives: []answer{{200, media{"text/csv", "application/yaml"}}}, fails: []problem{badSheet}, serve: a.exportSheet},
	}
}

// admitting is for those who let people in.
func (a *API) admitting() []route {
	return []route{
		{method: get, path: "/api/v1/accounts", does: "The local accounts of whom the caller administers all areas.", may: known,
			gives: []answer{{200, []AccountState{}}}, etag: weakTag, serve: a.accounts},
		{method: put, path: "/api/v1/accounts/{login}", does: "Makes or changes a local account. A new one is answered with the one-time link by which its owner sets the password.",
			may: administersPerson, takes: Account{},
			gives: []answer{{201, linkDoc{}}, {204, nil}}, fails: []problem{wrong}, serve: a.account},
		{method: post, path: "/api/v1/accounts/{login}/link", does: "Another one-time link, for a forgotten password. The one before ends.",
			may: administersPerson, takes: linkBody{}, gives: []answer{{201, linkDoc{}}}, fails: []problem{noEntry, wrong}, serve: a.accountLink},
	}
}

// description is the route of what is made from all of them.
func (a *API) description() route {
	return route{method: get, path: "/api/v1/openapi.json", does: "This description, OpenAPI 3.1.", may: anybody,
		gives: []answer{{200, map[string]any{}}}, etag: weakTag}
}

// key is of what the gateway names by chance or by a digest.
var key = schema{"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}

// tileNumber counts the tiles of a level, from the west and from the north.
var tileNumber = schema{"type": "integer", "minimum": 0, "maximum": 1<<pmtiles.MaxZoom - 1}

// names are what stands in a path, by the segment before it.
var names = map[string]schema{
	"cameras":     schemaOf[gateway.CameraID](),
	"areas":       schemaOf[gateway.AreaID](),
	"people":      key, // or "me"
	"sessions":    key,
	"grants":      key,
	"requests":    key,
	"invitations": key,
	"shares":      key,
	"layouts":     {"type": "string", "pattern": "^[a-z0-9-]{1,40}$"},
	"views":       {"type": "string", "pattern": "^[0-9a-hjkmnp-tv-z]{16}$"},
	"portals":     {"type": "string", "pattern": "^[a-z0-9-]{1,40}$"},
	"map":         {"type": "integer", "minimum": 0, "maximum": pmtiles.MaxZoom},
	"{z}":         tileNumber,
	"{x}":         tileNumber,
	"accounts":    {"type": "string", "pattern": `^[\p{L}\p{M}\p{Nd}._@+-]{2,64}$`},
}
