package onvif

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"time"

	"matthan/gateway"
)

// usernameToken is the header of a request with a WS-UsernameToken (Web Services
// Security UsernameToken Profile 1.0, section 3.1). at is the time by the
// device's clock.
func usernameToken(login gateway.Login, at time.Time) string {
	var nonce [16]byte
	rand.Read(nonce[:])
	created := at.UTC().Format("2006-01-02T15:04:05.000Z")
	const (
		secext  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
		utility = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
		profile = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
		base64s = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
	)
	return `<s:Header><Security s:mustUnderstand="1" xmlns="` + secext + `"><UsernameToken><Username>` + escape(login.User) +
		`</Username><Password Type="` + profile + `">` + passwordDigest(nonce[:], created, login.Password) +
		`</Password><Nonce EncodingType="` + base64s + `">` + base64.StdEncoding.EncodeToString(nonce[:]) +
		`</Nonce><Created xmlns="` + utility + `">` + created + `</Created></UsernameToken></Security></s:Header>`
}

// passwordDigest is Base64(SHA-1(nonce + created + password)).
func passwordDigest(nonce []byte, created string, password gateway.Secret) string {
	h := sha1.New()
	h.Write(nonce)
	h.Write([]byte(created + password.Reveal()))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
