package lint

import (
	"fmt"
	"io"
	"strings"

	"example.org/conform/openapi/survey"
)

// tell says which kinds of checks the contract switches on.
func (l *linter) tell() {
	concerned := l.concerned()
	l.Idle = len(l.d.Operations) - len(concerned)
	for _, o := range concerned {
		words := name(o.Words())
		if o.ID != "" {
			words += " (" + name(o.ID) + ")"
		}
		l.Operations = append(l.Operations, Operation{words, l.checks(o)})
	}
	ends := len(l.ends) > 0
	if l.Usable() {
		l.Together = append(l.Together, "walks through all of these")
		if ends {
			l.Together = append(l.Together, "ends and uses at once")
		}
		l.Together = append(l.Together, "hostile input", "the same requests in other spellings")
	}
}

// checks are those of one operation, in words.
func (l *linter) checks(o *survey.Operation) (all []string) {
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if r := o.Success(); r != nil {
		what := "status"
		if r.Body != nil {
			what += ", media type"
			if r.Body.Schema.Node != nil {
				what += " and schema"
			}
		}
		add("a good answer is as described (%s)", what)
	}
	add("no 5xx")
	h, hands := l.hand(o)
	taken := l.of(o)
	if hands && len(taken) == 0 {
		add("hands out %s that works", article(name(h.kind)))
		add("none for a wrong password or an unknown name")
		add("another one each time")
	}
	if o.Body != nil && len(o.Body.Members) > 0 {
		add("malformed bodies are refused")
	}
	if hands || o == l.probe {
		add("other methods give nothing")
	}
	seen := map[string]bool{}
	for _, t := range taken {
		if seen[t.kind] {
			continue
		}
		seen[t.kind] = true
		kind := article(name(t.kind))
		if o == l.probe {
			add("takes %s that lives", kind)
			add("refuses none, a made-up one and near misses of one")
			if len(l.endOf(t.kind)) > 0 {
				add("refuses one that was ended")
			}
			if l.expires(t.kind) {
				add("takes one until its time is up, and refuses it then")
			}
			continue
		}
		add("refuses none, a made-up one and near misses of %s", kind)
	}
	if fresh := reissue(o); fresh != nil && len(taken) > 0 {
		add("each use gives a fresh %s that works, until its own time is up", name(taken[0].kind))
		if fresh.Get("rotates").Is() {
			add("the old one is dead then")
		} else {
			add("the old one lives on to its own end")
		}
	}
	if hands && len(taken) > 0 {
		if taken[0].kind == h.kind {
			add("gives another one that works, and renews no dead one")
			if h.node.Get("rotates").Is() {
				add("the old one is dead then")
			} else {
				add("the old one lives on")
			}
		} else {
			add("hands out %s for %s that lives, and for no dead one", article(name(h.kind)), article(name(taken[0].kind)))
		}
	}
	if end := o.Get("x-ends"); end.Node != nil && len(taken) > 0 && end.Get("kind").Node == nil {
		if end.Get("client").Is() {
			add("has the client forget the credential")
			return all
		}
		add("ends %s at once", article(name(taken[0].kind)))
		for _, list := range []string{"spares", "reaches"} {
			if relations := end.Get(list); relations.Node != nil && len(relations.Items) > 0 {
				var names []string
				for _, item := range relations.Items {
					names = append(names, name(item.Text()))
				}
				add("%s %s", map[string]string{"spares": "spares", "reaches": "ends also"}[list], strings.Join(names, ", "))
			}
		}
	}
	return all
}

// expires reports whether the contract says how long a kind lives.
func (l *linter) expires(kind string) bool {
	for _, h := range l.hands {
		if h.kind == kind && (h.node.Get("ends") != nil || h.node.Get("lasts") != nil) {
			return true
		}
	}
	return false
}

// Write writes it for people.
func (r *Report) Write(to io.Writer, file string) error {
	var text strings.Builder
	errors := 0
	for _, f := range r.Findings {
		text.WriteString(f.String() + "\n")
		if !f.Usable {
			errors++
		}
	}
	if len(r.Operations) > 0 {
		if len(r.Findings) > 0 {
			text.WriteString("\n")
		}
		text.WriteString("What a run would try:\n")
	}
	for _, o := range r.Operations {
		text.WriteString("  " + o.Words + "\n")
		for _, c := range o.Checks {
			text.WriteString("    - " + c + "\n")
		}
	}
	if len(r.Together) > 0 {
		text.WriteString("  together: " + strings.Join(r.Together, "; ") + "\n")
	}
	if len(r.Operations) > 0 && r.Idle > 0 {
		text.WriteString("  " + plural(r.Idle, "operation") + " that no life needs: left alone\n")
	}
	if text.Len() > 0 {
		text.WriteString("\n")
	}
	warnings := plural(len(r.Findings)-errors, "warning")
	if r.Usable() {
		fmt.Fprintf(&text, "%s: usable, with %s\n", file, warnings)
	} else {
		fmt.Fprintf(&text, "%s: not usable: %s, %s\n", file, plural(errors, "error"), warnings)
	}
	_, err := io.WriteString(to, text.String())
	return err
}

func plural(n int, unit string) string {
	switch n {
	case 0:
		return "no " + unit + "s"
	case 1:
		return "1 " + unit
	}
	return fmt.Sprint(n, " ", unit, "s")
}
