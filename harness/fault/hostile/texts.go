package hostile

import (
	"encoding/json"
	"strings"
)

// Mark stands in every text that means something to what reads it: where it is found, it must stand as nothing but text.
const Mark = "hostile-text"

// texts are answers whose words are orders to a log, or markup to a page.
func texts() []row {
	once := []moment{always}
	rows := []row{}
	for _, words := range []struct{ name, story, text string }{
		{"orders-of-github", "orders to the log of GitHub", "::error::" + Mark + "%0A::set-output name=a::b%0A::add-mask::a"},
		{"orders-of-azure", "orders to the log of Azure", "##vso[task.complete result=Succeeded;]" + Mark},
		{"orders-of-teamcity", "orders to the log of TeamCity", "##teamcity[buildStatus status='SUCCESS' text='" + Mark + "']"},
		{"markup", "what ends a script, a comment, a CDATA section", `</script><script>alert("` + Mark + `")</script>--><img src=x onerror=alert(1)>]]>` + "</testcase>"},
		{"markdown", "backticks, pipes and links", "```\r\n | a | b |\n# " + Mark + "\n[x](javascript:alert(1)) <details> ~~~~ ````` @everyone"},
		{"escapes", "a terminal's escapes", "\x1b[2J\x1b[1;31m\x1b]8;;http://127.0.0.1/\x07" + Mark + "\x1b[0m \u009b2J"},
		{"shell", "what a shell runs", "'; touch " + Mark + " #$(touch " + Mark + ")`touch " + Mark + "`\""},
		{"template", "what templates and formats fill in", "{{.}} ${{ secrets.X }} %s%n%!d(MISSING) {0} $HOME " + Mark},
		{"names", "the marks by which secrets are named", "‹password›‹token-1›‹›‹‹" + Mark + "››"},
	} {
		lines := "\n" + words.text + "\r\n" + words.text + "\n"
		line := strings.NewReplacer("\r", "", "\n", "").Replace(words.text)
		rows = append(rows,
			row{words.name + "-in-refusals", words.story + " as the reason, fields and texts of each refusal", func(t *turn) bool {
				if t.Answer.Status < 400 {
					return t.plain()
				}
				t.Answer.Body = everyString(t.Answer.Body, lines)
				return reworded(line)(t)
			}, once},
			row{words.name + "-as-page", words.story + " as a page under 500", func(t *turn) bool {
				t.Answer.Status, t.Answer.Body = 500, []byte("<html><body>"+lines+"</body></html>")
				t.Answer.Header.Set("Content-Type", "text/html; charset=\""+line+"\"")
				return reworded(line)(t)
			}, []moment{later}})
	}
	return rows
}

// reworded has a text for the reason and in fields that mean something, and hands on the rest.
func reworded(line string) says {
	return func(t *turn) bool {
		for _, name := range []string{"Location", "Server", "Set-Cookie", "Link", "Allow", "Warning", "Www-Authenticate"} {
			t.Answer.Header.Set(name, line)
		}
		_, rest, _ := strings.Cut(t.Answer.Text(), "\r\n")
		status, _, _ := strings.Cut(t.line(), " \r\n")
		return t.say(text(strings.TrimSpace(status) + ": " + line + "\r\n" + rest))
	}
}

// everyString puts a text behind each string of a JSON value, names too, or behind what is none.
func everyString(body []byte, add string) []byte {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return append(body, add...)
	}
	var put func(any) any
	put = func(v any) any {
		switch v := v.(type) {
		case string:
			return v + add
		case []any:
			for i := range v {
				v[i] = put(v[i])
			}
		case map[string]any:
			for name := range v {
				v[name] = put(v[name])
			}
			v["odd "+add] = add
		}
		return v
	}
	out, err := json.Marshal(put(v))
	if err != nil {
		return body
	}
	return out
}
