package draft

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/openapi/lint"
	"example.org/conform/openapi/overlay"
	"example.org/conform/openapi/placed"
	"example.org/conform/openapi/survey"
)

var update = flag.Bool("update", false, "write the drafts that are expected anew")

// drafted is the draft of a document, and the document.
func drafted(t *testing.T, name string, text []byte) (string, *placed.Node) {
	t.Helper()
	root, err := placed.Read(name, text)
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.Of(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Of(d).Write(d, name), root
}

// The drafts of documents as they are found, word for word. Each is an overlay that can be applied, and what comes of it is a contract
// that can be used, but for what it asks somebody who knows the API; nothing more would be proposed for that.
func TestDrafts(t *testing.T) {
	t.Parallel()
	missing := map[string]string{ // what a person has to say besides
		"nothing.yaml": "no login",
	}
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasSuffix(name, ".draft.yaml") {
			continue
		}
		n++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, root := drafted(t, name, text)
			golden := strings.TrimSuffix(file, filepath.Ext(file)) + ".draft.yaml"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("another draft (go test ./openapi/draft -update writes it anew):\n%s", got)
			}
			for range 3 {
				if again, _ := drafted(t, name, text); again != got {
					t.Error("another draft the next time")
				}
			}
			if missing[name] == "" {
				o, err := overlay.Read("draft.yaml", []byte(got))
				if err == nil {
					err = o.Apply(root)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			d, err := survey.Of(root, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range lint.Of(d).Findings {
				if !f.Usable && (missing[name] == "" || !strings.HasPrefix(f.Text, missing[name])) {
					t.Error(f)
				}
			}
			if more := Of(d); len(more.actions) > 0 {
				t.Errorf("of what is drafted, more is drafted:\n%s", more.Write(d, name))
			}
		})
	}
	if n < 6 {
		t.Errorf("only %d documents", n)
	}
}

// What only looks like a part of a life is not proposed, nor is an end of what a login has not made.
func TestWhatIsNotProposed(t *testing.T) {
	t.Parallel()
	for file, unwanted := range map[string][]string{
		"bearer.yaml":  {"/auth/register", "/reports/renewals"},
		"devices.yaml": {"/v3/account/password", "getLoginFlows"},
		"basic.yaml":   {"/users/{user}"},
	} {
		text, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		got, _ := drafted(t, file, text)
		for _, one := range unwanted {
			for line := range strings.Lines(got) {
				if strings.Contains(line, "target: ") && strings.Contains(line, one) {
					t.Errorf("%s: %s", file, line)
				}
			}
		}
	}
}

// parts are all values of a document, with what makes another one of each.
func parts(n *placed.Node) (all []*placed.Node) {
	all = append(all, n)
	for _, m := range n.Members {
		all = append(all, parts(m.Value)...)
	}
	for _, item := range n.Items {
		all = append(all, parts(item)...)
	}
	return all
}

// Whatever part of a document is missing, or of another kind: what is drafted can be applied, and what comes of it be looked at, or the
// document is refused with its place.
func TestDraftsOfBrokenDocuments(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	ways := []func(n *placed.Node){
		func(n *placed.Node) { n.Kind, n.Value, n.Members, n.Items = placed.Scalar, nil, nil, nil },
		func(n *placed.Node) { n.Kind, n.Value, n.Members, n.Items = placed.Scalar, "a\u2028'\\b {c}", nil, nil },
		func(n *placed.Node) {
			n.Kind, n.Value, n.Members, n.Items = placed.List, nil, nil, []*placed.Node{n.Clone(), {}}
		},
		func(n *placed.Node) { n.Members, n.Items = n.Members[:len(n.Members)/2], n.Items[:len(n.Items)/2] },
		func(n *placed.Node) {
			n.Kind, n.Value, n.Members, n.Items = placed.Mapping, nil, []placed.Member{{Name: "\n'x\x00", Value: n.Clone()}}, nil
		},
	}
	drafts := 0
	for _, file := range files {
		if strings.HasSuffix(file, ".draft.yaml") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fresh := func() *placed.Node {
			root, err := placed.Read("api.yaml", text)
			if err != nil {
				t.Fatal(err)
			}
			return root
		}
		for i := range parts(fresh()) {
			root := fresh()
			ways[i%len(ways)](parts(root)[i])
			d, err := survey.Of(root, nil)
			if err != nil {
				if !strings.HasPrefix(err.Error(), "api.yaml:") && !strings.HasPrefix(err.Error(), ":0:") || strings.ContainsAny(err.Error(), "\n\r") {
					t.Errorf("%q", err)
				}
				continue
			}
			lint.Of(d)
			got := Of(d).Write(d, "api.yaml")
			if strings.Contains(got, "\nactions: []\n") {
				continue
			}
			drafts++
			o, err := overlay.Read("draft.yaml", []byte(got))
			if err == nil {
				err = o.Apply(root)
			}
			if err != nil {
				t.Errorf("%s, part %d: %v\n%s", file, i, err, got)
				continue
			}
			if d, err = survey.Of(root, nil); err != nil {
				t.Errorf("%s, part %d: %v\n%s", file, i, err, got)
				continue
			}
			lint.Of(d)
		}
	}
	if drafts < 200 {
		t.Errorf("only %d drafts: that proves little", drafts)
	}
}

// FuzzDraft drafts for whatever a document may hold: an overlay that can be read and applied, and the same one each time.
func FuzzDraft(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 8<<10 {
			t.Skip("what is slow to read finds little")
		}
		root, err := placed.Read("api.yaml", text)
		if err != nil {
			return
		}
		d, err := survey.Of(root, nil)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") || !strings.HasPrefix(err.Error(), "api.yaml:") {
				t.Errorf("%q", err)
			}
			return
		}
		got := Of(d).Write(d, "api.yaml")
		for _, finding := range lint.Of(d).Findings {
			if strings.ContainsAny(finding.String(), "\n\r") {
				t.Errorf("%q", finding)
			}
		}
		if strings.Contains(got, "\nactions: []\n") {
			return
		}
		o, err := overlay.Read("draft.yaml", []byte(got))
		if err == nil {
			err = o.Apply(root)
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, got)
		}
		merged, err := survey.Of(root, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, got)
		}
		lint.Of(merged)
		if again, err := placed.Read("api.yaml", text); err != nil {
			t.Error(err)
		} else if d, err := survey.Of(again, nil); err != nil || Of(d).Write(d, "api.yaml") != got {
			t.Errorf("another draft the next time: %v", err)
		}
	})
}
