package gateway

import "time"

// Patience says how long a camera is gone, or back, before that is told.
type Patience struct {
	After  time.Duration // without a picture or an answer: it is offline
	Steady time.Duration // with pictures or answers: it is back
}

// blink is how long a camera may be gone without that being counted.
func (p Patience) blink() time.Duration { return min(30*time.Second, p.After/10) }

// gather is how long what happened waits for what happens with it.
func (p Patience) gather() time.Duration { return min(time.Minute, p.After/5) }

// slack is how much earlier one camera's loss may be seen than another's.
func (p Patience) slack() time.Duration { return min(15*time.Second, p.After/4) }

// Fact is what was learned of a camera in one moment.
type Fact struct {
	Camera   CameraID
	Good     bool  // it gives pictures, or its host answers
	Pictures bool  // it was asked for pictures; else only whether anybody answers
	Cause    Cause // why it is not good
}

// AlertKind is what is told, in a word.
type AlertKind string

const (
	AlertOffline     AlertKind = "offline"      // some cameras of one host give no pictures
	AlertHost        AlertKind = "host_offline" // all of one host's, of which there are several
	AlertMany        AlertKind = "many_offline" // of many hosts, within a minute
	AlertNetwork     AlertKind = "network_lost" // none answers any more: it is the gateway's own network
	AlertUnsteady    AlertKind = "unsteady"     // it comes and goes
	AlertOnline      AlertKind = "online"       // those of an alert before, or some of them, are back
	AlertNetworkBack AlertKind = "network_back" // cameras answer again; those that do not are told anew
)

// Alert is one thing that administrators are told.
type Alert struct {
	Number  int // of this run of the gateway, from 1
	Of      int // the alert that this one ends, or goes on from; 0: none
	Kind    AlertKind
	At      time.Time
	Since   time.Time  // the first moment of it
	Cause   Cause      // the first camera's; "" of what is good
	Cameras []CameraID // in the order of their ids; none of AlertNetworkBack
	Left    int        // of AlertOnline: how many of that alert are still offline
}

// Trouble is what is wrong with a camera now.
type Trouble struct {
	Since    time.Time
	Cause    Cause
	Unsteady bool // it comes and goes, and may be there now
	Network  bool // none answers: it is the gateway's own network
}
