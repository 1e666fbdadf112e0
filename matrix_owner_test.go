package main

// The part of the matrix that is about citizens who lend their cameras. What
// those may do who come by an invitation or an owner's link is in owner_test.go.

// noVisitor is for routes that only an invitation or an owner's link opens.
const noVisitor = strangers + "404: rest"

// ownerRows are those of invitations and owners.
func ownerRows() []matrixRow {
	const invitations, invitation, owner = "/api/v1/invitations", "/api/v1/invitation", "/api/v1/owner"
	hours := `{"hours":{"zone":"Asia/Ho_Chi_Minh","spans":[{"day":1,"from":0,"to":60}]}}`
	return []matrixRow{
		{"GET " + invitations, "GET", invitations, "", nil, strangers + "200: rest"},
		{"POST " + invitations, "POST", invitations, `{"area":"lang","days":3}`, nil, strangers + "201: all first administrator; 404: rest"},
		{"POST " + invitations, "POST", invitations, `{"area":"vinh","days":3}`, nil, strangers + "201: all first; 404: rest"},
		{"POST " + invitations, "POST", invitations, `{"area":"vinh","days":15}`, nil, strangers + "422: all first; 404: rest"},
		{"DELETE " + invitations + "/{key}", "DELETE", invitations + "/" + noKey, "", nil, noVisitor},
		{"GET " + invitation, "GET", invitation, "", nil, noVisitor},
		{"POST " + invitation + "/try", "POST", invitation + "/try", `{"main":"rtsp://192.0.2.1/x"}`, nil, noVisitor},
		{"POST " + invitation + "/agree", "POST", invitation + "/agree", `{"name":"x"}`, nil, noVisitor},
		{"GET " + owner, "GET", owner, "", nil, noVisitor},
		{"GET " + owner + "/views", "GET", owner + "/views", "", nil, noVisitor},
		{"POST " + owner + "/off", "POST", owner + "/off", `{}`, nil, noVisitor},
		{"POST " + owner + "/on", "POST", owner + "/on", `{}`, nil, noVisitor},
		{"PUT " + owner + "/hours", "PUT", owner + "/hours", hours, nil, noVisitor},
		{"PUT " + owner + "/masks", "PUT", owner + "/masks", `{"was":[],"masks":[]}`, nil, noVisitor},
		{"POST " + owner + "/withdraw", "POST", owner + "/withdraw", `{"confirm":true}`, nil, noVisitor},
	}
}

// ownerTwins are invitations, and the areas that they name.
func ownerTwins(w *world) []twin {
	const invitations = "/api/v1/invitations"
	right := func(caller string) bool { return caller == "all" || caller == "first" }
	tw := twin{pattern: "DELETE " + invitations + "/{key}", method: "DELETE", there: invitations + "/" + w.keys["invitation"], none: invitations + "/" + noKey, right: right}
	return append(tw.spoil(), tw, twin{pattern: "POST " + invitations, method: "POST", there: invitations, none: invitations,
		body: `{"area":"vinh","days":1}`, other: `{"area":"no-such-area","days":1}`, right: right})
}
