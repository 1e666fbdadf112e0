package simulate

import "strings"

// setProfiles are about parameter sets and what else stands before slices.
func setProfiles() []Profile {
	return []Profile{
		{Name: "plain", Stands: "a camera that keeps all the rules"},
		{Name: "sets-in-description", Stands: "SPS and PPS stand in the SDP only, never in the stream", units: without(7, 8)},
		{Name: "sets-in-band", Stands: "SPS and PPS come in the stream only; the SDP has no sprop-parameter-sets", sdp: replaced(";sprop-parameter-sets=", ";x-none=")},
		{Name: "sets-changing", Stands: "every second GOP has another SPS of the same id", units: releveled},
		{Name: "sets-with-marker", Stands: "Tapo TC70, Reolink Duo 2: SPS and PPS carry the marker bit", packets: markedAfter(7, 8)},
		{Name: "sps-with-marker", Stands: "Tapo TC70: SPS carries the marker bit, PPS after it does not", packets: markedAfter(7)},
		{Name: "sei-with-marker", Stands: "the SEI before a slice carries the marker bit", packets: markedAfter(seiNALU)},
		{Name: "delimiter-first", Stands: "Amcrest: AUD, SPS, PPS and SEI before each IDR picture", units: delimited},
		{Name: "slices", Stands: "four slices a picture", clip: "slices"},
		{Name: "b-frames", Stands: "B-frames: pictures come in another order than they are shown", clip: "bframes", units: reordered},
		{Name: "resolution-change", Stands: "the resolution is another one in every second GOP", units: resized},
		{Name: "h265", Stands: "sends H.265, as cameras of 4 megapixels and more do from the factory", clip: "hevc"},
		{Name: "mjpeg", Stands: "sends JPEGs (RFC 2435), as old and thermal cameras do", clip: "photos"},
		{Name: "long-gop", Stands: "Hikvision H.264+, Dahua Smart Codec: ten seconds between key pictures", clip: "long"},
	}
}

// packetProfiles are about how NAL units become packets.
func packetProfiles() []Profile {
	return []Profile{
		{Name: "annex-b-packet", Stands: "SPS, PPS and IDR in one packet, split by 00 00 00 01", units: joinAnnexB, pack: packWhole},
		{Name: "annex-b-fragments", Stands: "the same, fragmented as one NAL unit", units: joinAnnexB},
		{Name: "marker-never", Stands: "FLIR M400: no packet has the marker bit", packets: markers(func(*shot, int) bool { return false })},
		{Name: "marker-every-nal", Stands: "every NAL unit ends with the marker bit, in pictures of four slices", clip: "slices", packets: markedAfter(1, 5, seiNALU, 7, 8)},
		{Name: "mode-0", Stands: "packetization-mode 0: each NAL unit is one packet, of 10 KB and more", sdp: replaced("packetization-mode=1", "packetization-mode=0"), pack: packWhole},
		{Name: "mode-0-fragments", Stands: "says packetization-mode 0 and sends FU-A", sdp: replaced("packetization-mode=1", "packetization-mode=0")},
		{Name: "mode-missing", Stands: "the fmtp has no packetization-mode, and FU-A are sent", sdp: replaced("packetization-mode=1;", "")},
		{Name: "stap-a", Stands: "SPS, PPS and SEI in one STAP-A", pack: packAggregated},
		{Name: "fu-b", Stands: "the first fragment of a NAL unit is a FU-B", pack: packFUB},
		{Name: "fragment-start-lost", Stands: "the start of a fragmented NAL unit is lost now and then", pack: packFragments(200), packets: func(s *shot) {
			if s.place%rigFPS == 12 {
				s.dropped = 2 // the first has the SEI
			}
		}},
		{Name: "ssrc-zero", Stands: "the SSRC is 0", packets: func(s *shot) { s.player.ssrc = 0 }},
		{Name: "ssrc-changing", Stands: "Uniview: another SSRC at every key picture", packets: func(s *shot) {
			if s.pic.key && s.index > 0 {
				s.player.ssrc += 0x01000193
			}
		}},
		{Name: "large-datagrams", Stands: "Tapo: UDP datagrams of 10,000 bytes", UDP: true, pack: packFragments(10_000 - 12)},
	}
}

// replaced changes a text in the description.
func replaced(from, to string) func(*exchange) string {
	return func(x *exchange) string { return strings.ReplaceAll(x.body, from, to) }
}
