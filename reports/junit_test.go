package reports_test

import (
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// node is any XML element.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// rule is what the schemas of Jenkins (junit-10) and Surefire both allow of an element: the children in their order
// with how many of each, and the attributes with their form. An attribute that ends in * is required.
type rule struct {
	children   string
	attributes map[string]string
}

const (
	anyText = `(?s).*`
	number  = `[0-9]+`
	seconds = `[0-9]+\.[0-9]{3}`
)

var schema = map[string]rule{
	"testsuites": {`(testsuite )*`, map[string]string{"name": anyText, "tests": number, "failures": number, "errors": number, "disabled": number, "time": seconds}},
	"testsuite": {`(properties )?(testcase )*(system-out )?(system-err )?`, map[string]string{
		"name*": `(?s).+`, "tests*": number, "failures*": number, "errors*": number, "skipped*": number, "time*": seconds,
		"timestamp": `[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}`, "package": anyText, "id": anyText,
	}},
	"properties": {`(property )+`, nil},
	"property":   {``, map[string]string{"name*": `.+`, "value*": anyText}},
	"testcase":   {`((skipped|failure|error) )?(system-out )?(system-err )?`, map[string]string{"name*": `(?s).+`, "classname*": `(?s).+`, "time*": seconds}},
	"failure":    {``, map[string]string{"message": anyText, "type*": `.+`}},
	"error":      {``, map[string]string{"message": anyText, "type*": `.+`}},
	"skipped":    {``, map[string]string{"message": anyText}},
	"system-out": {``, nil},
	"system-err": {``, nil},
}

func validate(t *testing.T, n node) {
	t.Helper()
	r, known := schema[n.XMLName.Local]
	if !known {
		t.Errorf("the schema has no element %s", n.XMLName.Local)
		return
	}
	var children strings.Builder
	for _, c := range n.Children {
		children.WriteString(c.XMLName.Local + " ")
		validate(t, c)
	}
	if !regexp.MustCompile(`^` + r.children + `$`).MatchString(children.String()) {
		t.Errorf("%s has the children %q, want %s", n.XMLName.Local, children.String(), r.children)
	}
	for _, a := range n.Attrs {
		form, ok := r.attributes[a.Name.Local]
		if !ok {
			form, ok = r.attributes[a.Name.Local+"*"]
		}
		if !ok {
			t.Errorf("%s has the attribute %s, which the schema does not know", n.XMLName.Local, a.Name.Local)
		} else if !regexp.MustCompile(`^` + form + `$`).MatchString(a.Value) {
			t.Errorf("%s %s is %q, want %s", n.XMLName.Local, a.Name.Local, a.Value, form)
		}
	}
	for name := range r.attributes {
		if required, is := strings.CutSuffix(name, "*"); is && !slices.ContainsFunc(n.Attrs, func(a xml.Attr) bool { return a.Name.Local == required }) {
			t.Errorf("%s lacks %s", n.XMLName.Local, required)
		}
	}
}

// parsed validates the report's JUnit form and checks that its counts are those of its cases.
func parsed(t *testing.T, r *verdict.Report) node {
	t.Helper()
	text := render(t, reports.JUnit, r)
	var root node
	if err := xml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatal(err)
	}
	validate(t, root)
	sums := map[string]int{}
	for _, suite := range root.Children {
		counts := map[string]int{}
		for _, c := range suite.Children {
			if c.XMLName.Local == "testcase" {
				counts["tests"]++
				for _, inside := range c.Children {
					counts[inside.XMLName.Local]++
				}
			}
		}
		for attribute, element := range map[string]string{"tests": "tests", "failures": "failure", "errors": "error", "skipped": "skipped"} {
			same(t, suite.attr("name")+" "+attribute, suite.attr(attribute), strconv.Itoa(counts[element]))
			sums[attribute] += counts[element]
		}
	}
	for _, attribute := range []string{"tests", "failures", "errors"} {
		same(t, "sum of "+attribute, root.attr(attribute), fmt.Sprint(sums[attribute]))
	}
	return root
}

func TestJUnitKeepsToTheSchema(t *testing.T) {
	t.Parallel()
	empty := &verdict.Report{Schema: verdict.Schema, Suite: "conform 1", Complete: true}
	for name, r := range map[string]*verdict.Report{
		"sample": sample(), "several": several(), "unreachable": unreachable(), "hostile": hostileReport(), "empty": empty, "conformant": conformant(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parsed(t, r)
			lint, err := exec.LookPath("xmllint")
			if err != nil {
				t.Log("no xmllint on this machine: the Go rendition of the schema alone was used")
				return
			}
			path := filepath.Join(t.TempDir(), "junit.xml")
			if err := os.WriteFile(path, []byte(render(t, reports.JUnit, r)), 0o600); err != nil {
				t.Fatal(err)
			}
			if output, err := exec.CommandContext(t.Context(), lint, "--noout", "--huge", "--schema", "testdata/junit.xsd", path).CombinedOutput(); err != nil {
				t.Errorf("xmllint: %v\n%s", err, output)
			}
		})
	}
}

func TestJUnitNamesSuitesApart(t *testing.T) {
	t.Parallel()
	var names []string
	for _, suite := range parsed(t, several()).Children {
		names = append(names, suite.attr("name"))
	}
	want := []string{"adaxes-2025.1 https://adaxes.example.com/restApi", "adaxes-2023.2", "adaxes-2025.1 https://other.example.com/restApi"}
	if !slices.Equal(names, want) {
		t.Errorf("the suites are %q, want %q", names, want)
	}
}

func TestJUnitMapsEveryStatus(t *testing.T) {
	t.Parallel()
	want := map[verdict.Status]string{
		verdict.Passed: "system-out", verdict.Failed: "failure", verdict.Warned: "system-out", verdict.Noted: "system-out",
		verdict.Skipped: "skipped", verdict.Waived: "system-out", verdict.Inconclusive: "error", "surprising": "error",
	}
	for status, element := range want {
		r := sample()
		c := r.Runs[0].Checks[1]
		c.Status, c.Reason, c.Remedy, c.Waiver = status, "because", "add an account", "agreed"
		r.Runs[0].Checks = []verdict.Check{c}
		test := parsed(t, r).Children[0].Children[1]
		if len(test.Children) != 1 || test.Children[0].XMLName.Local != element {
			t.Fatalf("%s gives %v, want %s", status, test.Children, element)
		}
		same(t, "classname", test.attr("classname"), "adaxes-2025.1.destroy")
		same(t, "name", test.attr("name"), c.ID+": "+c.Title)
		inside := test.Children[0]
		switch element {
		case "failure":
			same(t, "type", inside.attr("type"), "MUST")
			for _, part := range []string{c.Expected, c.Actual, c.Statement, c.Source, "ADX-NOC-01", "DELETE", "token=‹token-2›", "expected 204, got 200"} {
				if !strings.Contains(inside.Text, part) {
					t.Errorf("the failure lacks %q:\n%s", part, inside.Text)
				}
			}
		case "skipped":
			same(t, "message", inside.attr("message"), "because; to run it: add an account")
		case "system-out":
			if status != verdict.Passed && !strings.Contains(inside.Text, "because") {
				t.Errorf("%s does not say why: %s", status, inside.Text)
			}
		}
	}
}

func TestJUnitIsNeverGreenWithoutAVerdict(t *testing.T) {
	t.Parallel()
	interrupted := conformant()
	interrupted.Complete = false
	stopped := conformant()
	stopped.Runs[0].Verdict, stopped.Runs[0].Reason = verdict.Incomplete, "interrupted"
	for name, r := range map[string]*verdict.Report{
		"unreachable": unreachable(), "no runs": {Schema: verdict.Schema, Complete: true}, "interrupted between runs": interrupted, "interrupted in a run": stopped,
	} {
		same(t, name+": errors", parsed(t, r).attr("errors"), "1")
	}
	same(t, "errors of a conformant report", parsed(t, conformant()).attr("errors"), "0")
}

func TestJUnitShowsControlCharacters(t *testing.T) {
	t.Parallel()
	r := sample()
	c := &r.Runs[0].Checks[1]
	c.Actual = "a\x00b\x1b[0m]]>\xff\u202e"
	c.Exchanges = []evidence.Exchange{}
	text := parsed(t, r).Children[0].Children[2].Children[0].Text
	if !strings.Contains(text, "a␀b␛[0m]]>\uFFFD\uFFFD") {
		t.Errorf("the text is %q", text)
	}
}

// GitLab takes the first of several cases with one classname and name, and Jenkins mixes their histories: no two are called alike, be
// it that targets share a profile, or even an address, or that waivers share a check. A profile of one target keeps its plain names.
func TestJUnitCallsNoTwoCasesAlike(t *testing.T) {
	t.Parallel()
	r := several()
	again := sample().Runs[0]
	again.Verdict, again.Reason = verdict.Incomplete, "interrupted"
	r.Runs = append(r.Runs, again)
	for range 2 {
		r.WaiverProblems = append(r.WaiverProblems, verdict.WaiverProblem{Place: "w.yaml:1:1", Waiver: "check x", Problem: "matches nothing"})
	}
	taken, plain := map[string]bool{}, 0
	for _, suite := range parsed(t, r).Children {
		for _, c := range suite.Children {
			if c.XMLName.Local != "testcase" {
				continue
			}
			if key := c.attr("classname") + " " + c.attr("name"); taken[key] {
				t.Errorf("two cases are called %s", key)
			} else {
				taken[key] = true
			}
			if c.attr("name") == r.Runs[1].Checks[0].ID+": "+r.Runs[1].Checks[0].Title {
				plain++
			}
		}
	}
	if plain != 1 {
		t.Errorf("%d cases of the profile with one target have their plain name, want 1", plain)
	}
	for _, want := range []string{" at https://adaxes.example.com/restApi", " at https://other.example.com/restApi", " at https://adaxes.example.com/restApi (2)"} {
		c := r.Runs[0].Checks[0]
		if !taken["adaxes-2025.1."+c.Subject+" "+c.ID+": "+c.Title+want] {
			t.Errorf("no case ends in %q", want)
		}
	}
}
