package verdict

import (
	"maps"
	"slices"
)

// Kill says how the suite met a fault.
type Kill string

// The ways in which the suite can meet a fault.
const (
	// Killed: a check of the requirement that the fault breaks showed it broken, with the reason that it should.
	Killed Kill = "killed"
	// KilledByOthers: the run was not clean, but the requirement's own checks passed, or failed for another reason.
	KilledByOthers Kill = "killed only by others"
	// Survived: the suite found the broken server in order.
	Survived Kill = "survived"
)

// FaultProof is one fault in one profile.
type FaultProof struct {
	Profile     string `json:"profile"`
	Name        string `json:"name"`
	Requirement string `json:"requirement"`
	Kill        Kill   `json:"kill"`
	// Verdict is that of the run.
	Verdict Outcome `json:"verdict"`
	// Checks are the IDs of the requirement's own checks that showed it broken, with the reason that they should.
	Checks []string `json:"checks"`
	// Any says that the run came to what the fault asks for, whichever check showed it: nonconformant where a MUST is broken, and something
	// that failed or warned where a SHOULD is.
	Any bool `json:"any"`
	// Caught are the requirements whose checks failed or warned, sorted.
	Caught []string `json:"caught"`
	// First is the requirement that the first line of the report names, where all checks judged the fault, and Cause whether that is the
	// cause: the requirement itself, or one that the fault breaks as plainly.
	First string `json:"first,omitempty"`
	Cause bool   `json:"cause,omitempty"`
	// Detail says, where the fault was not killed, what was seen instead.
	Detail string `json:"detail,omitempty"`
}

// VariantProof is one variant in one profile.
type VariantProof struct {
	Profile string `json:"profile"`
	Name    string `json:"name"`
	// Beside are further variants that the same server had, if any.
	Beside  []string `json:"beside,omitempty"`
	Verdict Outcome  `json:"verdict"`
	// Blamed are the checks that failed or could not be judged, each with its reason.
	Blamed []string `json:"blamed,omitempty"`
	// Warned are the requirements whose checks warned: a variant may fall short of a SHOULD.
	Warned []string `json:"warned,omitempty"`
}

// Proof is what the suite made of every fault and every variant.
type Proof struct {
	// Faults stand in the order of requirements, those of one in that of their names.
	Faults   []FaultProof   `json:"faults"`
	Variants []VariantProof `json:"variants"`
	// Unproven are the requirements of level MUST or SHOULD for which there is no fault, by profile and ID.
	Unproven []string `json:"unproven,omitempty"`
	// Requirements is how many requirements of level MUST or SHOULD are examined by a contract that somebody brings, whose player was broken;
	// Unproven are those of them then of which no fault of all showed anything.
	// Proven is of how many of them some fault did.
	Requirements int `json:"requirements,omitempty"`
	Proven       int `json:"proven,omitempty"`
	// Idle are the checks of a MUST or a SHOULD that are never the only ones of their requirement to catch a fault: every
	// fault would still be killed without them, so nothing shows what they are for.
	Idle []string `json:"idle,omitempty"`
	// Seconds is how long the proof took.
	Seconds float64 `json:"seconds"`
}

// Share is how many of the faults of one profile were caught.
type Share struct {
	Profile string `json:"profile"`
	Faults  int    `json:"faults"`
	// Own are those that were killed by the requirement that each breaks, and Any those of which the run came to what it must.
	Own int `json:"own"`
	Any int `json:"any"`
}

// Percent is how much a number of the faults is, in whole percent that are full.
func (s Share) Percent(n int) int { return n * 100 / max(s.Faults, 1) }

// Shares are those of the profiles, in their order, and at the end that of all together.
func (p Proof) Shares() []Share {
	of, whole := map[string]*Share{}, Share{}
	for _, f := range p.Faults {
		if of[f.Profile] == nil {
			of[f.Profile] = &Share{Profile: f.Profile}
		}
		for _, s := range []*Share{of[f.Profile], &whole} {
			s.Faults++
			if f.Kill == Killed {
				s.Own++
			}
			if f.Any {
				s.Any++
			}
		}
	}
	var all []Share
	for _, profile := range slices.Sorted(maps.Keys(of)) {
		all = append(all, *of[profile])
	}
	return append(all, whole)
}

// LeastGenerated is the share of the faults of a profile, in percent, of which the checks that its contract gives have to show something on
// their own.
const LeastGenerated = 70

// HoldsGenerated reports whether that holds in every profile, and whether there was something to show.
func (p Proof) HoldsGenerated() bool {
	return len(p.Faults) > 0 && !slices.ContainsFunc(p.Shares(), func(s Share) bool { return s.Any*100 < s.Faults*LeastGenerated })
}

// Alone reports, by check ID, whether there is a fault that this check alone of its requirement caught.
func (p Proof) Alone() map[string]bool {
	alone := map[string]bool{}
	for _, f := range p.Faults {
		if len(f.Checks) == 1 {
			alone[f.Checks[0]] = true
		}
	}
	return alone
}

// Told counts the faults that all checks judged, and returns those of them whose reports name something else than the cause first.
func (p Proof) Told() (judged int, astray []FaultProof) {
	for _, f := range p.Faults {
		if f.First == "" {
			continue
		}
		if judged++; !f.Cause {
			astray = append(astray, f)
		}
	}
	return judged, astray
}

// mostAstray is in how many reports on faults one may name a consequence first.
const mostAstray = 100

// Holds reports whether every fault was killed by the requirement that it names and no variant was blamed, and that
// there was something to prove at all. Where all checks judged the faults, their reports name the cause first, but for one in a hundred.
func (p Proof) Holds() bool {
	judged, astray := p.Told()
	return len(p.Faults)+len(p.Variants) > 0 && len(astray)*mostAstray <= judged &&
		!slices.ContainsFunc(p.Faults, func(f FaultProof) bool { return f.Kill != Killed }) &&
		!slices.ContainsFunc(p.Variants, func(v VariantProof) bool { return v.Verdict != Conformant })
}

// Unlike are the faults that two proofs of the same servers tell differently: by the verdict of the run, or by the requirement that the first
// line of its report names, where not both are the cause.
func (p Proof) Unlike(other Proof) (pairs [][2]FaultProof) {
	type place struct{ profile, name string }
	of := map[place]FaultProof{}
	for _, f := range other.Faults {
		of[place{f.Profile, f.Name}] = f
	}
	for _, f := range p.Faults {
		if o := of[place{f.Profile, f.Name}]; o.Verdict != f.Verdict || o.First != f.First && !(o.Cause && f.Cause) {
			pairs = append(pairs, [2]FaultProof{f, o})
		}
	}
	return pairs
}
