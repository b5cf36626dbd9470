package runner

import (
	_ "embed" // refusals.json
	"encoding/json"
	"strings"
	"sync"

	"example.org/conform/suites/check"
)

// refusalsJSON is how many logins each check of a profile has refused by a server that conforms, as the reference servers counted them;
// a test holds it against them and writes it anew. What checks share, as walks, is under the name of the first that may make it.
//
//go:embed refusals.json
var refusalsJSON []byte

// refusals is that table, by profile and by a check's requirement and slug.
var refusals = sync.OnceValue(func() map[string]map[string]int {
	var table map[string]map[string]int
	if err := json.Unmarshal(refusalsJSON, &table); err != nil {
		panic("suites/runner/refusals.json: " + err.Error())
	}
	return table
})

// RefusalsOf is the key of a check in the table of refused logins: checks that share their walks share it.
func RefusalsOf(id string) (profile, key string) {
	profile, key, _ = strings.Cut(id, "/")
	if strings.HasSuffix(key, "/"+check.InWalks) {
		key = check.InWalks
	}
	return profile, key
}

// refusing is about how many logins of a check a server refuses.
func refusing(d check.Definition) (n int, key string) {
	profile, key := RefusalsOf(d.ID)
	counted, known := refusals()[profile]
	if !known { // the profile is of a contract that somebody brings
		return d.Refuses, key
	}
	return counted[key], key
}
