package container

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// Unprivileged is the user that containers run as: no user of the machine, and not root.
const Unprivileged = "65532:65532"

// buildLabel names one build, so that one which fails takes its unfinished images with it.
const buildLabel = "org.example.conform.build"

// Image says what an image runs.
type Image struct {
	Root       *Root
	Entrypoint []string
	// User is a number, or user:group in numbers; empty means Unprivileged.
	User string
}

// Build makes an image FROM scratch and returns its name. It is removed by Close. The error is one line that holds the
// engine's reason.
func (e *Engine) Build(ctx context.Context, image Image) (name string, err error) {
	ctx, end, err := e.begin(ctx, buildTime)
	if err != nil {
		return "", err
	}
	defer end()
	build := strings.ToLower(rand.Text()[:12])
	archive, err := image.context(e.labels(), build)
	if err != nil {
		return "", err
	}
	var output bytes.Buffer
	// A build that is broken off can leave an unfinished image that carries no label yet.
	wholly, cancel := whole(ctx, buildTime)
	defer cancel()
	name, err = e.provider.BuildImage(wholly, &testcontainers.ContainerRequest{FromDockerfile: testcontainers.FromDockerfile{
		ContextArchive: archive, Repo: "conform-" + e.id, Tag: build, KeepImage: true, BuildLogWriter: &output,
		BuildOptionsModifier: func(o *client.ImageBuildOptions) { o.NoCache, o.Remove, o.ForceRemove = true, true, true },
	}})
	if err != nil {
		err = fmt.Errorf("building an image: %s", oneLine(err.Error()))
		return "", errors.Join(err, remove(wholly, e.api, buildLabel+"="+build))
	}
	return name, ctx.Err()
}

// context lays out what the engine builds from. The labels come first, so that every layer has them.
func (i Image) context(labels map[string]string, build string) (archive io.ReadSeeker, err error) {
	var dockerfile strings.Builder
	dockerfile.WriteString("FROM scratch\nLABEL " + buildLabel + "=" + build)
	for key, value := range labels {
		fmt.Fprintf(&dockerfile, " %s=%q", key, value)
	}
	entrypoint, err := json.Marshal(i.Entrypoint)
	if err != nil {
		return nil, fmt.Errorf("laying out an image: %w", err)
	}
	user := i.User
	if user == "" {
		user = Unprivileged
	}
	fmt.Fprintf(&dockerfile, "\nADD root.tar /\nUSER %s\nENTRYPOINT %s\n", user, entrypoint)
	return i.Root.context(dockerfile.String())
}
