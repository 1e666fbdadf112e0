package api

import "matthan/auth"

// The table's part of citizens who lend their cameras.

const (
	owns      who = "the owner of a camera, by their private link"
	isInvited who = "who was invited, by their invitation"
	invites   who = "who administers the area"
)

// citizens is for owners, for those who were invited, and for those who invite.
func (a *API) citizens() []route {
	return append(append(a.inviting(), a.accepting()...), a.owning()...)
}

func (a *API) inviting() []route {
	return []route{
		{method: get, path: "/api/v1/invitations", does: "The invitations to lend a camera in the areas that the caller administers, the newest first.", may: known,
			gives: []answer{{200, invitationsDoc{}}}, etag: weakTag, serve: a.invitations},
		{method: post, path: "/api/v1/invitations", does: "Invites a citizen to lend their camera. The link is told once, and opens once.", may: invites,
			takes: invitationBody{}, gives: []answer{{201, invitationMadeDoc{}}}, fails: []problem{noEntry, wrong}, serve: a.invitations},
		{method: del, path: "/api/v1/invitations/{key}", does: "Takes an invitation back at once, with what was made by it. A camera whose owner has agreed stays.", may: invites,
			gives: noContent, fails: []problem{noEntry, quicker}, serve: a.invitation},
	}
}

func (a *API) accepting() []route {
	return []route{
		{method: get, path: "/api/v1/invitation", does: "The caller's invitation, and what they are asked to agree to.", may: isInvited,
			gives: []answer{{200, invitedDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.invited},
		{method: post, path: "/api/v1/invitation/try", does: "Makes the invitation's camera, or changes it. Only the caller sees it, until they agree.", may: isInvited,
			takes: tryBody{}, gives: []answer{{200, draftDoc{}}}, fails: []problem{noEntry, wrong, quicker, lent, entered, conflict}, serve: a.try},
		{method: post, path: "/api/v1/invitation/agree", does: "Agrees to lend the camera. The invitation is used up, and the owner's private link is told once.", may: isInvited,
			takes: agreeBody{}, gives: []answer{{201, linkDoc{}}}, fails: []problem{noEntry, wrong, quicker, lent, entered, conflict}, serve: a.agree},
	}
}

func (a *API) owning() []route {
	return []route{
		{method: get, path: "/api/v1/owner", does: "The caller's camera, what they agreed to, and who looked when and what for, without names: exactly the views that the audit log has.", may: owns,
			gives: []answer{{200, ownerDoc{}}}, etag: weakTag, fails: []problem{noEntry}, serve: a.owner},
		{method: get, path: "/api/v1/owner/views", does: "More of the views, the newest first.", may: owns,
			query: []parameter{{"before", "the next of the page before", schema{"type": "integer", "minimum": 1}}},
			gives: []answer{{200, viewsDoc{}}}, etag: weakTag, fails: []problem{noEntry, badBody}, serve: a.ownerViews},
		{method: post, path: "/api/v1/owner/off", does: "Switches the camera off: everybody stops seeing it at once.", may: owns,
			takes: ownerBody{}, gives: noContent, fails: []problem{noEntry, quicker}, serve: a.ownerSwitch(auth.CameraOff, a.ownerOff)},
		{method: post, path: "/api/v1/owner/on", does: "Switches it on again.", may: owns,
			takes: ownerBody{}, gives: noContent, fails: []problem{noEntry, quicker}, serve: a.ownerSwitch(auth.CameraOn, a.ownerOn)},
		{method: put, path: "/api/v1/owner/hours", does: "Changes the hours in which it may be seen.", may: owns,
			takes: ownerHoursBody{}, gives: noContent, fails: []problem{noEntry, wrong, quicker}, serve: a.ownerHours},
		{method: put, path: "/api/v1/owner/masks", does: "Changes the owner's masks, which hide what is within them from everybody, beside those of who administers the camera.", may: owns,
			takes: ownerMasksBody{}, gives: noContent, fails: []problem{noEntry, badBody, wrong, quicker}, serve: a.ownerMasks},
		{method: post, path: "/api/v1/owner/withdraw", does: "Withdraws the consent for good. The camera's address and login are deleted.", may: owns,
			takes: withdrawBody{}, gives: noContent, fails: []problem{noEntry, wrong, quicker}, serve: a.ownerWithdraw},
	}
}
