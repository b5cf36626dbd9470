package life

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"example.org/conform/harness/client"
	"example.org/conform/harness/ledger"
)

// forms are those of the answers to good requests, by operation.
type forms struct {
	mu   sync.Mutex
	good map[string]bool
}

// deny tells refusals where the document promises no status for them: a redirection, to a login perhaps, an error of the server's, which is
// for another requirement to judge, and a success of another form than any that a good request has had, such as an error in a 200. What has to be granted is right; of what is shown, its answer is
// one to a good request.
func (a *API) deny(ctx context.Context, answer *client.Answer, right, shown bool) {
	op := answer.Operation
	if !op.RefusedOtherwise() || answer.Err != nil {
		return
	}
	known, _, err := ledger.Do(ctx, &a.Ledger.Own, "forms of good answers", func() (*forms, error) {
		return &forms{good: map[string]bool{}}, nil
	})
	if err != nil {
		return
	}
	known.mu.Lock()
	defer known.mu.Unlock()
	form, good := op.ID()+" "+formOf(answer), answer.Status/100 == 2
	switch {
	case right && good && shown:
		known.good[form] = true
	case right:
	case answer.Status/100 == 3 || answer.Status >= 500 || good && (len(answer.Differences) > 0 || !known.good[form]):
		a.Denied(answer)
	}
}

// formOf is what an answer's body is like, without its values.
func formOf(answer *client.Answer) string {
	media := answer.MediaType() // of what cannot be read the body tells
	var value any
	if json.Unmarshal(answer.Body, &value) != nil {
		return media
	}
	return shapeOf(value)
}

func shapeOf(value any) string {
	switch v := value.(type) {
	case map[string]any:
		var members []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			members = append(members, name+":"+shapeOf(v[name]))
		}
		return "{" + strings.Join(members, ",") + "}"
	case []any:
		if len(v) == 0 {
			return "[]"
		}
		return "[" + shapeOf(v[0]) + "]"
	}
	var inner any // some write a result as JSON within JSON, and an error as a plain text
	if text, ok := value.(string); ok && strings.HasPrefix(text, "{") && json.Unmarshal([]byte(text), &inner) == nil {
		return "text of " + shapeOf(inner)
	}
	return fmt.Sprintf("%T", value)
}
