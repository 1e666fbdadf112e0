package video

import (
	"bytes"
	"slices"
)

// Bounds of what is remembered of a stream's parameter sets; beyond them the
// oldest is forgotten, for encoders that count their ids up at every IDR.
const (
	maxSPS = 4
	maxPPS = 16
)

// parameterSets are the sets that a stream has sent, oldest id first.
type parameterSets struct {
	sps []storedSPS
	pps []storedPPS
}

type storedSPS struct {
	*sps
	nalu []byte
}

type storedPPS struct {
	id, sps uint32
	nalu    []byte
}

// put remembers a copy of an SPS or PPS in the place of the one with its id.
// It tells whether that changed anything.
func (s *parameterSets) put(nalu []byte) (changed bool, err error) {
	if TypeOf(nalu) == NALUSPS {
		return s.putSPS(nalu)
	}
	id, of, err := parsePPS(nalu)
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
	parsed, err := parseSPS(nalu)
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
// the two is unknown.
func (s *parameterSets) inForce(pps uint32) *sps {
	for _, p := range s.pps {
		if p.id != pps {
			continue
		}
		for _, o := range s.sps {
			if o.id == p.sps {
				return o.sps
			}
		}
	}
	return nil
}

// of lists an SPS and its PPSs, as they go before an IDR picture.
func (s *parameterSets) of(force *sps) [][]byte {
	var nalus [][]byte
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
