package video

import (
	"bytes"
	"slices"
)

// Bounds of what is remembered of a stream's parameter sets; beyond them the
// oldest is forgotten, for encoders that count their ids up at every IDR.
const (
	maxVPS = 4
	maxSPS = 4
	maxPPS = 16
)

// parameterSets are the sets that a stream has sent, oldest id first.
type parameterSets struct {
	coding coding
	vps    []storedVPS // of H.265 alone
	sps    []storedSPS
	pps    []storedPPS
}

type storedVPS struct {
	id   uint32
	nalu []byte
}

type storedSPS struct {
	*sps
	nalu []byte
}

type storedPPS struct {
	id, sps uint32
	nalu    []byte
}

// put remembers a copy of a parameter set in the place of the one with its id.
// It tells whether that changed anything.
func (s *parameterSets) put(nalu []byte) (changed bool, err error) {
	switch s.coding.class(nalu) {
	case setVPS:
		return s.putVPS(nalu)
	case setSPS:
		return s.putSPS(nalu)
	}
	return s.putPPS(nalu)
}

func (s *parameterSets) putVPS(nalu []byte) (changed bool, err error) {
	id, err := parseVPS(nalu)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(s.vps, func(o storedVPS) bool { return o.id == id })
	switch {
	case i >= 0 && bytes.Equal(s.vps[i].nalu, nalu):
		return false, nil
	case i >= 0:
		s.vps[i].nalu = bytes.Clone(nalu)
		return true, nil
	case len(s.vps) >= maxVPS:
		s.vps = slices.Delete(s.vps, 0, 1)
	}
	s.vps = append(s.vps, storedVPS{id, bytes.Clone(nalu)})
	return true, nil
}

func (s *parameterSets) putPPS(nalu []byte) (changed bool, err error) {
	id, of, err := s.coding.parsePPS(nalu)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(s.pps, func(p storedPPS) bool { return p.id == id })
	switch {
	case i >= 0 && bytes.Equal(s.pps[i].nalu, nalu):
		return false, nil
	case i >= 0:
		s.pps[i] = storedPPS{id, of, bytes.Clone(nalu)}
		return true, nil
	case len(s.pps) >= maxPPS:
		s.pps = slices.Delete(s.pps, 0, 1)
	}
	s.pps = append(s.pps, storedPPS{id, of, bytes.Clone(nalu)})
	return true, nil
}

func (s *parameterSets) putSPS(nalu []byte) (changed bool, err error) {
	// Most cameras repeat it before every IDR: comparing is cheaper than reading.
	if slices.ContainsFunc(s.sps, func(o storedSPS) bool { return bytes.Equal(o.nalu, nalu) }) {
		return false, nil
	}
	parsed, err := s.coding.parseSPS(nalu)
	if err != nil {
		return false, err
	}
	stored := storedSPS{parsed, bytes.Clone(nalu)}
	i := slices.IndexFunc(s.sps, func(o storedSPS) bool { return o.id == parsed.id })
	switch {
	case i >= 0:
		s.sps[i] = stored
		return true, nil
	case len(s.sps) >= maxSPS:
		s.sps = slices.Delete(s.sps, 0, 1)
	}
	s.sps = append(s.sps, stored)
	return true, nil
}

// inForce is the SPS that a slice naming the PPS relies on, nil where one of
// the two is unknown, or the VPS of H.265, without which decoders take nothing.
func (s *parameterSets) inForce(pps uint32) *sps {
	for _, p := range s.pps {
		if p.id != pps {
			continue
		}
		for _, o := range s.sps {
			if o.id == p.sps && s.hasVPS(o.sps) {
				return o.sps
			}
		}
	}
	return nil
}

func (s *parameterSets) hasVPS(force *sps) bool {
	return s.coding.codec() != H265 || slices.ContainsFunc(s.vps, func(o storedVPS) bool { return o.id == force.vps })
}

// of lists an SPS, the VPS before it and its PPSs, as they go before a key picture.
func (s *parameterSets) of(force *sps) [][]byte {
	var nalus [][]byte
	for _, o := range s.vps {
		if o.id == force.vps {
			nalus = append(nalus, o.nalu)
		}
	}
	for _, o := range s.sps {
		if o.sps == force {
			nalus = append(nalus, o.nalu)
		}
	}
	for _, p := range s.pps {
		if p.sps == force.id {
			nalus = append(nalus, p.nalu)
		}
	}
	return nalus
}
