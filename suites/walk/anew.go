package walk

import (
	"context"
	"fmt"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// logins is how often it is tried whether what a login gives works after an end, and dead how many of them have to be refused: one may have
// been handed out to others as well, at the very end of its time.
const logins, dead = 5, 2

// declareAnew declares, where logins hand out what can be ended, the check that one which is handed out after such an end works. It is made when
// all other checks are over: a server may hand out again what others were given, and they end theirs.
func declareAnew[A life.Living](s *check.Suite[A]) {
	types.MarkAsHelper()
	login := s.Contract.Login().By
	kind := login.HandsOut().Kind
	if len(s.Contract.Ends(kind)) == 0 {
		return
	}
	requirement := openerOf(s.Contract, kind).SuccessRequirement()
	s.Check("after-an-end", fmt.Sprintf("accepts %s that a login gives right after another was ended", life.Noun(kind)), func(ctx context.Context, api A) {
		anew(ctx, api.Life(), kind)
	}, check.Alone(), check.Ending(), check.Sweeping(), check.Proves(requirement), check.Generated("walk.Declare", s.Contract.Place(requirement)))
}

func anew(ctx context.Context, a *life.API, kind string) {
	op, refused := a.Opener(kind), 0
	var last *client.Answer
	for range logins {
		c := a.Make(ctx, kind)
		if answer := a.Present(ctx, op.ID(), c); !accepted(a, op, answer) {
			if last, refused = answer, refused+1; refused == dead {
				a.Fail(fmt.Sprintf("each %s works that a login gives, right after another was ended too", kind),
					fmt.Sprintf("%s, of %d of them", check.Shown(last), refused))
			}
			continue
		}
		a.End(ctx, c)
	}
}

// accepted says whether an answer shows that a credential works.
func accepted(a *life.API, op *openapi.Operation, answer *client.Answer) bool {
	if op.HandsOut() != nil {
		_, given := a.Read(answer)
		return given
	}
	return check.Granted(answer)
}
