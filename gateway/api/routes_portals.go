package api

// The table's part of portals.

const itsPortal who = "a portal's server, by the portal's secret"

// embedding is for administrators of everything, and for portals' servers.
func (a *API) embedding() []route {
	const one = "/api/v1/portals/{id}"
	return []route{
		{method: get, path: "/api/v1/portals", does: "The portals whose pages may show cameras.", may: administersAll,
			gives: []answer{{200, portalsDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.portals},
		{method: get, path: one, does: "One of them.", may: administersAll,
			gives: []answer{{200, portalDoc{}}}, etag: itsTag, fails: []problem{noEntry}, serve: a.portal},
		{method: put, path: one, does: "Makes or changes a portal. What it loses ends at once for whoever looks by it.", may: administersAll,
			takes: portalBody{}, gives: noContent, etag: mustTag, fails: []problem{noEntry, wrong}, serve: a.portal},
		{method: del, path: one, does: "Removes a portal, and ends what is looked at by it.", may: administersAll,
			gives: noContent, etag: mustTag, fails: []problem{noEntry}, serve: a.portal},
		{method: post, path: one + "/secret", does: "Makes the secret by which the portal's server has tokens issued. It is shown this once; the one before ends.", may: administersAll,
			takes: secretBody{}, gives: []answer{{201, secretDoc{}}}, fails: []problem{noEntry}, serve: a.portalSecret},
		{method: post, path: one + "/end", does: "Ends what an officer of the portal looks at, or all of them. Tokens issued until now are void.", may: administersAll,
			takes: endBody{}, gives: noContent, fails: []problem{noEntry, wrong, quicker}, serve: a.endPortal},
		{method: get, path: one + "/viewers", does: "The portal's officers who may look now.", may: administersAll,
			gives: []answer{{200, viewersDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.portalViewers},
		{method: post, path: "/api/v1/embed-tokens", does: "Issues a token for one officer of the portal that asks: for a camera or an area, a page, and a few minutes.", may: itsPortal,
			takes: embedBody{}, gives: []answer{{201, embedDoc{}}}, fails: []problem{noEntry, wrong}, serve: a.embedToken},
	}
}
