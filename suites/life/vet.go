package life

import (
	"fmt"
	"slices"
	"strings"

	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// Dead says whether the credential of a promise has ended by what the contract says.
func Dead(d *openapi.Document, op *openapi.Operation, p openapi.Promise) bool {
	gone := false
	for _, name := range p.After {
		name, by, _ := strings.Cut(name, " by ")
		st := steps()[name]
		switch {
		case name == "renewal", name == "reissue":
			gone = false
		case name == "reissued":
			gone = gone || rotates(op)
		case name == "renewed":
			hands := d.HandOuts(kindAt(op, p))
			gone = gone || len(hands) > 0 && hands[len(hands)-1].Rotates
		case st.kills == nil:
		case st.of == "":
			gone = true
		default:
			if e := endOf(d, op, p, st.of, by); e != nil && st.kills(e) {
				gone = true
			}
		}
	}
	return gone
}

// endOf is the operation that a step ends by, nil where the contract has none.
func endOf(d *openapi.Document, op *openapi.Operation, p openapi.Promise, of, by string) *openapi.End {
	kind := kindAt(op, p)
	switch hands := d.HandOuts(kind); {
	case of == "parent" && len(hands) > 0:
		kind = hands[0].From
	case of == "child" && op.HandsOut() != nil:
		kind = op.HandsOut().Kind
	}
	for _, e := range d.Ends(kind) {
		if by == "" || e.By.ID() == by {
			return e
		}
	}
	return nil
}

// Waits says whether one of its steps waits for time to pass.
func Waits(p openapi.Promise) bool {
	known := steps()
	return slices.ContainsFunc(p.After, func(name string) bool {
		name, _, _ = strings.Cut(name, " by ")
		return known[name].waits
	})
}

// nearlyExpired names what befalls a credential that is to live as long as it is said to.
const nearlyExpired = "nearly-expired"

// ruleFor finds what judges a promise, or says why the contract contradicts itself in it.
func ruleFor(d *openapi.Document, op *openapi.Operation, p openapi.Promise) (rule, []check.Option, error) {
	var options []check.Option
	r, ruled := rules()[p.Rule]
	waits, reaches, ends := r.waits, r.reaches, op.Ends() != nil || r.ends
	for _, name := range p.After {
		name, by, _ := strings.Cut(name, " by ")
		st, known := steps()[name]
		switch {
		case !known:
			return nil, nil, fmt.Errorf("nothing is called %q that can befall a credential", name)
		case st.of != "" && endOf(d, op, p, st.of, by) == nil:
			return nil, nil, fmt.Errorf("%q: the contract says of no operation that it ends such a credential", name)
		}
		waits, reaches, ends = waits || st.waits, reaches || st.reaches, ends || st.of != ""
	}
	if waits {
		options = append(options, check.Waiting())
	}
	if n := len(p.After); n > 0 && p.After[n-1] == nearlyExpired && p.Status == 0 {
		options = append(options, check.Lasting())
	}
	if ends {
		options = append(options, check.Ending())
	}
	if reaches {
		options = append(options, check.Reaching())
	}
	if r.alone {
		options = append(options, check.Alone())
	}
	if r.sweeps || slices.Contains(p.Sent, nearMisses) {
		options = append(options, check.Sweeping())
	}
	if r.nearly || p.At != "password" && slices.ContainsFunc(p.Sent, func(name string) bool { return name == nearMisses || misses()[name] != nil }) {
		options = append(options, check.Nearly())
	}
	if p.Everywhere {
		options = append(options, check.Needs("instances"), check.Everywhere())
	}
	switch {
	case p.At == "password" || p.At == "name" || p.Rule == "no-echo-to-strangers":
		options = append(options, check.Refuses(1))
	case p.Rule == "no-enumeration":
		options = append(options, check.Refuses(2))
	}
	if p.At == "password" || p.At == "name" || p.At == "account" {
		return passwordRule(op, p, options)
	}
	if p.Rule != "" {
		if !ruled {
			return nil, nil, fmt.Errorf("there is no rule %q", p.Rule)
		}
		switch {
		case r.most > 0:
			options = append(options, check.SpendsRest(r.spends, r.most), check.Refuses(r.most))
		case r.spends != "":
			options = append(options, check.SpendsInARow(r.spends, r.times))
		}
		return r.judge, options, nil
	}
	if kindAt(op, p) == "" {
		return nil, nil, fmt.Errorf("the operation takes no credential")
	}
	for _, name := range p.Sent {
		if !knownSent(d, name) {
			return nil, nil, fmt.Errorf("nothing is called %q that can be sent in the place of a credential", name)
		}
	}
	if len(p.Sent) == 0 && len(p.After) == 0 && p.By == "" && !p.Everywhere {
		return nil, nil, fmt.Errorf("it says nothing that could be tried")
	}
	return judge, options, nil
}
