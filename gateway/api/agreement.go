package api

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
)

// What a citizen agrees to who lends a camera. A changed text is another
// agreement: consents keep the digest of theirs, and this file's history has all
// of them.

//go:embed agreement_vi.txt
var agreementVI string

//go:embed agreement_en.txt
var agreementEN string

// agreementDoc is the text, and what names it in a consent.
type agreementDoc struct {
	text
	Digest string `json:"digest"` // SHA-256 of the Vietnamese text, an empty line and the English one, in hex
}

func agreement() agreementDoc {
	sum := sha256.Sum256([]byte(agreementVI + "\n" + agreementEN))
	return agreementDoc{text{agreementVI, agreementEN}, hex.EncodeToString(sum[:])}
}
