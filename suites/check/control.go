package check

import (
	"example.org/conform/harness/client"
)

// A Control has shown that something right works, and can show it again. There is none that has not: what makes one shows
// it at once, and ends the check where it does not work.
type Control struct{ again func() }

// Show makes a control. What show finds wrong it says by ending the check as inconclusive: a server that refuses everyone
// keeps no promise by it.
func Show(show func()) Control {
	show()
	return Control{show}
}

// Against judges refusals between two showings of a control: when it was made, and after them.
func (c *Case) Against(control Control, refusals func()) {
	c.controlled = true
	refusals()
	c.controlled = false
	control.again()
}

// Works is the control of a credential: used shows the answer to a request that it should open, called by these words.
// One that it does not open breaks the requirement, found in passing.
func (c *Case) Works(credential, requirement, words string, used func() *client.Answer) Control {
	return Show(func() {
		answer := used()
		if Granted(answer) {
			return
		}
		c.Fresh(answer, credential)
		if answer.Err == nil {
			c.Breach(requirement, "status", "2xx for "+words, Describe(answer), answer)
		}
		c.Inconclusive("the control failed: %s answered %s", words, Describe(answer))
	})
}

// ExpectGranted expects that a request was granted which a credential should open.
func (c *Case) ExpectGranted(answer *client.Answer, credential, expected string) {
	if !Granted(answer) {
		c.Fresh(answer, credential)
		c.Fail(expected, Describe(answer))
	}
}
