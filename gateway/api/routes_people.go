package api

// The table's part of people and their rights.

const (
	onlyPeople who = "people who are signed in, each for what is theirs and what they care for"
	cares      who = "whoever supervises all areas of the person, and the person"
	caresAbove who = "whoever administers all areas of the person, but not the person"
	maySuper   who = "whoever supervises a place of it"
	audits     who = "auditors, each of their areas"
	auditsAll  who = "who audits everything"
	mayAsk     who = "people with a role that looks at cameras"
)

// caring is for those who care for people, and for people themselves. "me" as a
// key is oneself.
func (a *API) caring() []route {
	const key = "/api/v1/people/{key}"
	return []route{
		{method: get, path: "/api/v1/people", does: "The people in the caller's care who have ever signed in, by name.", may: onlyPeople,
			query: []parameter{{"q", "only those whose name has all these words, accents left aside", letters(0, maxQuery)}},
			gives: []answer{{200, peopleDoc{}}}, etag: weakTag, fails: []problem{noEntry, badBody}, serve: a.people},
		{method: get, path: key, does: "A person, and to oneself and administrators what the person may do and why.", may: cares,
			gives: []answer{{200, knownDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.person},
		{method: put, path: key + "/block", does: "Shuts a person out at once, whatever their provider says.", may: cares,
			takes: blockBody{}, gives: noContent, fails: []problem{noEntry, wrong, quicker}, serve: a.block},
		{method: del, path: key + "/block", does: "Lets a person in again.", may: caresAbove,
			gives: noContent, fails: []problem{noEntry, quicker}, serve: a.block},
		{method: get, path: key + "/sessions", does: "The devices on which a person is signed in.", may: cares,
			gives: []answer{{200, devicesDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.sessions},
		{method: del, path: key + "/sessions", does: "Signs a person out everywhere; oneself everywhere else.", may: cares,
			gives: []answer{{200, endedDoc{}}}, fails: []problem{noEntry}, serve: a.sessions},
		{method: del, path: key + "/sessions/{id}", does: "Signs one device out: the lost phone.", may: cares,
			gives: noContent, fails: []problem{noEntry}, serve: a.endSession},
	}
}

// giving is rights that are given, asked for and taken.
func (a *API) giving() []route {
	made := []answer{{201, keyDoc{}}}
	return []route{
		{method: get, path: "/api/v1/grants", does: "The grants of which the caller supervises a place, and those for the caller.", may: onlyPeople,
			gives: []answer{{200, grantsDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.grants},
		{method: post, path: "/api/v1/grants", does: "Gives a right. Nobody gives rights to themselves.", may: "whoever administers all its places",
			takes: grantBody{}, gives: made, fails: []problem{noEntry, wrong}, serve: a.grants},
		{method: del, path: "/api/v1/grants/{key}", does: "Ends a right at once.", may: maySuper,
			gives: noContent, fails: []problem{noEntry, quicker}, serve: a.grant},
		{method: get, path: "/api/v1/requests", does: "The requests that the caller made, and those that the caller may answer.", may: onlyPeople,
			gives: []answer{{200, requestsDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.requests},
		{method: post, path: "/api/v1/requests", does: "Asks for a right in another's area, for a time.", may: mayAsk,
			takes: requestBody{}, gives: made, fails: []problem{noEntry, wrong}, serve: a.requests},
		{method: del, path: "/api/v1/requests/{key}", does: "Takes one's own open request back.", may: "whoever asked",
			gives: noContent, fails: []problem{noEntry, quicker}, serve: a.withdraw},
		{method: get, path: "/api/v1/requests/areas", does: "The areas that can be asked for, by their names only.", may: mayAsk,
			query: []parameter{{"q", "only those whose name, or a name above, has all these words", letters(0, maxQuery)}},
			gives: []answer{{200, placesDoc{}}}, etag: weakTag, fails: []problem{noEntry, badBody}, serve: a.requestAreas},
		{method: post, path: "/api/v1/requests/{key}/answer", does: "Says yes or no. Yes gives the right, until it ends by itself.", may: "whoever supervises all its places, but not who asked",
			takes: answerBody{}, gives: noContent, fails: []problem{noEntry, wrong, quicker}, serve: a.reply},
		{method: post, path: "/api/v1/emergency", does: "Gives oneself a right for minutes, of which the supervisors are told. Only where the settings allow it.", may: mayAsk,
			takes: emergencyBody{}, gives: []answer{{201, emergencyDoc{}}}, fails: []problem{noEntry, wrong, inForce, quicker}, serve: a.emergency},
		{method: get, path: "/api/v1/notices", does: "What those who supervise are told: emergencies and open requests, the newest first.", may: onlyPeople,
			gives: []answer{{200, noticesDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.notices},
	}
}

// noContent is the answer to most acts.
var noContent = []answer{{204, nil}}
