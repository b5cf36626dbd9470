package player

import (
	"mime"
	"net/http"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
	"example.org/conform/openapi"
)

// Rules are the decisions of a player that can be replaced, as the kernel says. Its zero value replaces none.
type Rules struct {
	kernel.Seams[Call, Answer, Refusal]
	Requests RequestRules
	// Account finds who logs in. Own decision: Call.Account.
	Account func(c *Call, name string) (Account, bool)
	// Matches compares the password of an account that exists. Own decision: kernel.SamePassword.
	Matches func(c *Call, account Account, given string) bool
	// Guards tells whether what an operation takes as its authority is asked for at all. Own decision: always.
	Guards func(*Call) bool
	// Carried is the text at a place of a request; given is false where there is none. Own decision: Call.Carried.
	Carried func(c *Call, p openapi.Place) (text string, given bool)
	// Find is the credential of a text at a place, ended or not. Own decision: Call.Find.
	Find func(c *Call, p openapi.Place, text string) (Credential, bool)
	// Live tells whether a credential works. Own decision: Credential.Live.
	Live func(c *Call, one Credential) bool
	// Used follows every request that a credential was good for. Own decision: Call.Slide.
	Used func(c *Call, one Credential)
	// Issue hands out a credential. Own decision: Call.Issue.
	Issue func(c *Call, birth Birth) (Credential, *Refusal)
	// Renewed is what becomes of what was renewed, or used where a use gives a fresh value. Own decision: Call.Retire.
	Renewed func(c *Call, old Credential)
	// States is the end of a credential as its answer states it. Own decision: its end.
	States func(c *Call, one Credential) time.Time
	// End is what an order to end does. Own decision: Call.EndAll.
	End func(c *Call, one Credential)
	// Cleared is what becomes of a credential that its client forgets. Own decision: nothing.
	Cleared func(c *Call, one Credential)
	// Mine tells whether what an authority names is its own to end. Own decision: it is of the same account.
	Mine func(c *Call, authority, subject Credential) bool
}

// RequestRules decide how requests are read.
type RequestRules struct {
	kernel.RequestRules[Call, Refusal]
	// Read reads the body of a request. Own decision: Call.Read.
	Read func(*Call) (map[string]any, *Refusal)
}

// Birth is what a credential is made of.
type Birth struct {
	Hand *openapi.HandOut
	// Account is whose it will be, and From the text of what is given for it, "" where that is a password.
	Account, From string
	// Original is when that ends, of a renewal.
	Original time.Time
}

func ownRules() Rules {
	requests := kernel.OwnRequests((*Call).Route)
	requests.MediaType = func(c *Call, contentType string) bool {
		media, _, _ := mime.ParseMediaType(contentType)
		return c.op != nil && media == c.op.RequestMediaType()
	}
	return Rules{
		Seams:    kernel.OwnSeams[Call, Answer, Refusal](),
		Requests: RequestRules{RequestRules: requests, Read: (*Call).Read},
		Account:  (*Call).Account,
		Matches:  func(_ *Call, account Account, given string) bool { return kernel.SamePassword(account.Password, given) },
		Guards:   func(*Call) bool { return true },
		Carried:  (*Call).Carried,
		Find:     (*Call).Find,
		Live:     func(c *Call, one Credential) bool { return one.Live(c.Now) },
		Used:     (*Call).Slide,
		Issue:    (*Call).Issue,
		Renewed:  (*Call).Retire,
		States:   func(_ *Call, one Credential) time.Time { return one.ExpiresAt },
		End:      func(c *Call, one Credential) { c.EndAll(one) },
		Cleared:  func(*Call, Credential) {},
		Mine:     func(_ *Call, authority, subject Credential) bool { return authority.Account == subject.Account },
	}
}

// Call is one request in the hands of a player.
type Call struct {
	kernel.Call
	server  *Server
	op      *openapi.Operation
	path    map[string]string
	members map[string]any
}

// Contract is the operation as the contract has it, nil for a request of none.
func (c *Call) Contract() *openapi.Operation { return c.op }

// Answer is a response before it is written.
type Answer struct {
	kernel.Answer
	// Refusal is what it refuses, nil where it grants what was asked for.
	Refusal *Refusal
}

// Refusal is a request that is not granted.
type Refusal struct {
	Status int
	Header http.Header
	// Made is the answer as the contract describes it, nil where that says nothing of it.
	Made *openapi.Made
	// done says that there was nothing to do, which is granted.
	done bool
}

func worded(p kernel.Problem) *Refusal { return &Refusal{Status: p.Status, Header: p.Header} }

// refused makes the answer of a refusal.
func (c *Call) refused(r *Refusal) *Answer {
	made := r.Made
	if made == nil && c.op != nil {
		made = c.op.Denying(r.Status)
	}
	if made == nil {
		made = &openapi.Made{Status: r.Status, Header: http.Header{}}
	}
	if made.Status != r.Status { // a rule restated it
		made = &openapi.Made{Status: r.Status, Header: made.Header}
	}
	a := answered(made)
	if a.Refusal = r; r.done {
		a.Refusal = nil
	}
	if a.Body == nil && made.Status != http.StatusNoContent && !isSuccess(made.Status) {
		a.Members = reply.Members{reply.Of("message", "The request is not granted.")}
		a.Header.Set("Content-Type", "application/json")
	}
	for name, values := range r.Header {
		a.Header[name] = values
	}
	return a
}

func isSuccess(status int) bool { return status/100 == 2 }

// answered is an answer that was made.
func answered(m *openapi.Made) *Answer {
	a := &Answer{Answer: kernel.Answer{Status: m.Status, Header: m.Header.Clone(), Body: m.Text()}}
	if a.Header == nil {
		a.Header = http.Header{}
	}
	if m.MediaType != "" {
		a.Header.Set("Content-Type", m.MediaType)
	}
	return a
}

// finish adds what answers carry that hold credentials.
func (c *Call) finish(a *Answer) { a.Header.Set("Cache-Control", "no-store") }
