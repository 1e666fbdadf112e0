package transcode

import (
	"fmt"
	"math"
	"strconv"

	"matthan/gateway"
	"matthan/gateway/video"
)

// Encoders that may be configured.
const (
	EncoderAuto     = "auto" // of those below the first that works, in this order, software last
	EncoderNVENC    = "nvenc"
	EncoderVAAPI    = "vaapi"
	EncoderQSV      = "qsv"
	EncoderSoftware = "software" // x264
)

// Encoders are all of them.
var Encoders = []string{EncoderAuto, EncoderSoftware, EncoderVAAPI, EncoderNVENC, EncoderQSV}

// encoder is how ffmpeg encodes.
type encoder struct {
	name   string
	device string   // a file that must be there; "": none
	before []string // arguments before the input
	upload string   // filters at the end of the chain
	timing string   // the option by which every picture keeps its time
	args   []string
}

// timings are that option's names: before ffmpeg 5.1 it had another.
var timings = [...]string{"-fps_mode", "-vsync"}

// encoderOf is what a name stands for. Of them all, software alone is what every
// machine has and what was measured.
func encoderOf(name, device string) encoder {
	switch name {
	case EncoderNVENC:
		return encoder{timing: timings[0], name: name, device: "/dev/nvidia0", args: []string{"-c:v", "h264_nvenc", "-preset", "p1", "-tune", "ull", "-zerolatency", "1", "-rc", "vbr", "-cq", "26", "-profile:v", "baseline", "-forced-idr", "1"}}
	case EncoderVAAPI:
		return encoder{timing: timings[0], name: name, device: device, before: []string{"-vaapi_device", device}, upload: ",format=nv12,hwupload",
			args: []string{"-c:v", "h264_vaapi", "-profile:v", "constrained_baseline", "-async_depth", "1"}}
	case EncoderQSV:
		return encoder{timing: timings[0], name: name, device: device, args: []string{"-c:v", "h264_qsv", "-preset", "veryfast", "-async_depth", "1", "-profile:v", "baseline", "-forced_idr", "1"}}
	}
	return encoder{timing: timings[0], name: EncoderSoftware, args: []string{"-c:v", "libx264", "-preset", "superfast", "-tune", "zerolatency",
		"-crf", "24", "-profile:v", "baseline", "-sc_threshold", "0", "-forced-idr", "1"}}
}

// order is which encoders are tried.
func order(name string) []string {
	switch name {
	case EncoderAuto:
		return []string{EncoderNVENC, EncoderVAAPI, EncoderQSV, EncoderSoftware}
	case EncoderSoftware, "":
		return []string{EncoderSoftware}
	}
	return []string{name, EncoderSoftware}
}

// What a rung is encoded with.
const (
	keyEvery   = 2 // seconds
	lowWidth   = 640
	lowHeight  = 360
	lowBits    = 700_000 // a second at most, of a picture of 640x360
	manyPixels = 1920 * 1088
)

// sizeOf is how large a rung of a picture is: with its sides even, and never
// larger than the picture.
func sizeOf(q gateway.Quality, width, height int) (w, h int) {
	w, h = width, height
	if q == gateway.Low {
		most, least := float64(lowWidth), float64(lowHeight)
		if h > w { // a camera that stands upright
			most, least = least, most
		}
		by := min(1, most/float64(w), least/float64(h))
		w, h = int(math.Round(float64(w)*by)), int(math.Round(float64(h)*by))
	}
	return max(2, w&^1), max(2, h&^1)
}

// bitsOf is how many bits a second a rung of a size may have: more pixels need less
// each.
func bitsOf(w, h int) int {
	return int(lowBits * math.Pow(float64(w*h)/(lowWidth*lowHeight), 0.8))
}

// plan is all by which a rung is made of pictures as they are now.
type plan struct {
	in            video.Format
	rate          float64 // pictures a second, about
	width, height int     // of what is made
	masks         []gateway.Mask
	mark          string // "": none
	from          uint32 // ms: pictures before it are decoded and not shown
}

// arguments have ffmpeg make the rung of what it reads from its standard input. It
// may use no other protocol, and no other demuxer or decoder.
func (p *plan) arguments(e encoder) []string {
	decoder := map[video.Codec]string{video.H264: "h264", video.H265: "hevc", video.JPEG: "mjpeg"}[p.in.Codec]
	args := []string{"-v", "error", "-nostdin", "-hide_banner", "-nostats"}
	args = append(args, e.before...)
	args = append(args, "-threads", "1")
	if !p.in.Reorder {
		args = append(args, "-flags", "low_delay")
	}
	args = append(args, "-probesize", "32", "-analyzeduration", "0", "-fpsprobesize", "0",
		"-protocol_whitelist", "pipe", "-format_whitelist", "matroska,webm", "-codec_whitelist", decoder, "-noautorotate", "-copyts",
		"-f", "matroska", "-i", "pipe:0", "-map", "0:v:0", "-map_metadata", "-1", e.timing, "passthrough", "-enc_time_base", "1:1000",
		"-filter_threads", "1", "-vf", p.filters(e))
	return append(args, p.output(e)...)
}

// filters draw the masks on the whole picture, before anything else becomes of it,
// and the mark on what is made of it, so that it is sharp.
func (p *plan) filters(e encoder) string {
	return fmt.Sprintf("trim=start_pts=%d,%sscale=w=%d:h=%d:flags=fast_bilinear:out_range=tv,format=yuv420p,setsar=1%s%s",
		p.from, chain(p.masks), p.width, p.height, markChain(p.mark, p.width, p.height), e.upload)
}

func (p *plan) output(e encoder) []string {
	bits, threads := bitsOf(p.width, p.height), 1
	if p.width*p.height > manyPixels {
		threads = 2
	}
	args := append([]string{}, e.args...)
	return append(args, "-threads", strconv.Itoa(threads), "-bf", "0", "-g", "1000",
		"-force_key_frames", fmt.Sprintf("expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+%d))", keyEvery),
		"-maxrate", strconv.Itoa(bits), "-bufsize", strconv.Itoa(bits/2),
		"-flags", "+global_header", "-flush_packets", "1", "-flvflags", "no_duration_filesize", "-f", "flv", "pipe:1")
}

// Shares of what a rung of 1280x720 with 25 pictures a second costs: its decoding
// and its encoding. docs/performance.md has the figures.
const (
	decodeShare = 0.35
	encodeShare = 0.65
	unitPixels  = 1280 * 720 * 25
)

// cost is how many rungs of 1280x720 with 25 pictures a second it costs.
func (p *plan) cost() float64 {
	decode := decodeShare
	if p.in.Codec == video.H265 {
		decode *= 1.6
	}
	return p.rate * (decode*float64(p.in.Width*p.in.Height) + encodeShare*float64(p.width*p.height)) / unitPixels
}
