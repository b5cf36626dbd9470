package reports

import (
	"fmt"

	"example.org/conform/harness/verdict"
)

// Anchors names every check of the report in its page, by run and check: what follows HTMLFile and a #.
func Anchors(r *verdict.Report) [][]string { return anchorsOf(r) }

// anchorsOf gives every check of the report a name that no other has, by run and check: its ID, and where one ID
// occurs again, as with two targets of one profile, the ID with a number.
func anchorsOf(r *verdict.Report) [][]string {
	taken := map[string]bool{}
	anchors := make([][]string, len(r.Runs))
	for i := range r.Runs {
		anchors[i] = make([]string, len(r.Runs[i].Checks))
		for j, c := range r.Runs[i].Checks {
			name := c.ID
			for n := 2; taken[name]; n++ {
				name = fmt.Sprintf("%s~%d", c.ID, n)
			}
			taken[name] = true
			anchors[i][j] = name
		}
	}
	return anchors
}
