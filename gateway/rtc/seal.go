package rtc

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"sync"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/prf"
	"github.com/pion/dtls/v3/pkg/protocol/extension"
	"github.com/pion/dtls/v3/pkg/protocol/handshake"
)

// Packets to a viewer with an AEAD profile are sealed here, straight from the
// stream's shared payload into the buffer that the kernel reads: half the cost
// of pion's writer, which copies each packet and sends it by itself. The keys
// come from the DTLS handshake by pion's hooks. SRTCP stays pion's.

const (
	sealTag  = 16 // bytes that AES-GCM adds (RFC 7714 section 8.1)
	sealSalt = 12
)

// handshakeKeys hears what a DTLS handshake negotiates (RFC 5764 section 4.2).
// pion calls it from its own goroutines.
type handshakeKeys struct {
	mu      sync.Mutex
	server  []byte // randoms
	client  []byte
	master  []byte
	suite   uint16
	profile extension.SRTPProtectionProfile
}

// serverHello is pion's hook for the message that we send.
func (k *handshakeKeys) serverHello(m handshake.MessageServerHello) handshake.Message {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := m.Random.MarshalFixed()
	k.server = r[:]
	if m.CipherSuiteID != nil {
		k.suite = *m.CipherSuiteID
	}
	for _, e := range m.Extensions {
		if u, ok := e.(*extension.UseSRTP); ok && len(u.ProtectionProfiles) == 1 {
			k.profile = u.ProtectionProfiles[0]
		}
	}
	return &m
}

// Write takes a line of NSS's key log, which never leaves the process:
// CLIENT_RANDOM <client random> <master secret>, in hexadecimal.
func (k *handshakeKeys) Write(line []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if f := bytes.Fields(line); len(f) == 3 && string(f[0]) == "CLIENT_RANDOM" {
		k.client, k.master = make([]byte, hex.DecodedLen(len(f[1]))), make([]byte, hex.DecodedLen(len(f[2])))
		if _, err := hex.Decode(k.client, f[1]); err != nil {
			return 0, fmt.Errorf("read the client random: %w", err)
		}
		if _, err := hex.Decode(k.master, f[2]); err != nil {
			return 0, errors.New("read the master secret")
		}
	}
	return len(line), nil
}

// sealer makes the sealer of the handshake's server side, nil where the
// profile is not AEAD: pion's writer then serves. What it was made of is
// forgotten.
func (k *handshakeKeys) sealer() (*sealer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	size := map[extension.SRTPProtectionProfile]int{dtls.SRTP_AEAD_AES_128_GCM: 16, dtls.SRTP_AEAD_AES_256_GCM: 32}[k.profile]
	if size == 0 || k.master == nil || k.server == nil {
		return nil, nil
	}
	h := func() hash.Hash { return sha256.New() }
	if dtls.CipherSuiteID(k.suite) == dtls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 {
		h = sha512.New384
	}
	// RFC 5705 section 4: the randoms in the order client, server; RFC 5764
	// section 4.2: client key, server key, client salt, server salt.
	seed := append(append([]byte("EXTRACTOR-dtls_srtp"), k.client...), k.server...)
	m, err := prf.PHash(k.master, seed, 2*(size+sealSalt), h)
	if err != nil {
		return nil, fmt.Errorf("export the SRTP keys: %w", err)
	}
	clear(k.master)
	k.master = nil
	return newSealer(m[size:2*size], m[2*size+sealSalt:])
}

// sealer is the sending side of SRTP with AES-GCM (RFC 7714) for all of a
// peer's tracks. It keeps no numbers: who calls it must never use a pair of
// SSRC and packet index for two different packets, since that breaks GCM. It is
// for who has its shard's turn alone.
type sealer struct {
	aead  cipher.AEAD
	salt  [sealSalt]byte
	nonce [sealSalt]byte // of the packet being sealed; here so that it costs no allocation
}

// newSealer takes the SRTP master key and salt.
func newSealer(key, salt []byte) (*sealer, error) {
	sessionKey, err := derive(0x00, key, salt, len(key))
	if err != nil {
		return nil, err
	}
	sessionSalt, err := derive(0x02, key, salt, len(salt))
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sessionKey)
	if err != nil {
		return nil, fmt.Errorf("make the SRTP cipher: %w", err)
	}
	s := &sealer{}
	if s.aead, err = cipher.NewGCM(block); err != nil {
		return nil, fmt.Errorf("make the SRTP cipher: %w", err)
	}
	copy(s.salt[:], sessionSalt)
	return s, nil
}

// derive is the key derivation of RFC 3711 section 4.3 with AES in counter
// mode and a derivation rate of zero; a 12-byte salt is padded to 14 (RFC 7714
// section 11).
func derive(label byte, key, salt []byte, n int) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("derive an SRTP key: %w", err)
	}
	var iv [16]byte
	copy(iv[:14], salt)
	iv[7] ^= label
	out := make([]byte, n)
	cipher.NewCTR(block, iv[:]).XORKeyStream(out, out)
	return out, nil
}

// header is what differs between a tile's packets.
type header struct {
	pt      uint8
	marker  bool
	ts      uint32
	ssrc    uint32
	playout uint8 // id of the playout-delay extension, 0 for none
}

const (
	plainHeader   = 12
	playoutHeader = plainHeader + 8
)

// append seals a packet onto dst, which must have room: the header, then
// prefix and payload encrypted, then the tag. index is the packet's 48-bit
// index (RFC 3711 section 3.3.1): sequence number and rollover counter.
func (s *sealer) append(dst []byte, h *header, index uint64, payload []byte) []byte {
	n := len(dst)
	size := plainHeader
	dst = dst[:n+plainHeader]
	b := dst[n:]
	b[0] = 0x80
	b[1] = h.pt
	if h.marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], uint16(index))
	binary.BigEndian.PutUint32(b[4:], h.ts)
	binary.BigEndian.PutUint32(b[8:], h.ssrc)
	if h.playout != 0 {
		size = playoutHeader
		dst = dst[:n+playoutHeader]
		b = dst[n:]
		b[0] |= 0x10
		// RFC 8285 section 4.2: one element of three bytes; 0..0 is "show at once".
		binary.BigEndian.PutUint32(b[12:], 0xbede0001)
		binary.BigEndian.PutUint32(b[16:], uint32(h.playout<<4|2)<<24)
	}
	nonce := s.nonce[:] // RFC 7714 section 8.1: 00 00, SSRC, ROC, SEQ, all with the salt
	nonce[0], nonce[1] = 0, 0
	binary.BigEndian.PutUint32(nonce[2:], h.ssrc)
	binary.BigEndian.PutUint32(nonce[6:], uint32(index>>16))
	binary.BigEndian.PutUint16(nonce[10:], uint16(index))
	for i := range nonce {
		nonce[i] ^= s.salt[i]
	}
	return s.aead.Seal(dst, nonce, payload, dst[n:n+size])
}
