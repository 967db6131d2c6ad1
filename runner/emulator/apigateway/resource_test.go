package apigateway_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/google/go-cmp/cmp"
)

func (w world) paths(api *string) []string {
	w.Helper()
	var paths []string
	pages := sdk.NewGetResourcesPaginator(w, &sdk.GetResourcesInput{RestApiId: api, Limit: aws.Int32(500)})
	for pages.HasMorePages() {
		out, err := pages.NextPage(w.Context())
		must(w, out, err)
		for _, r := range out.Items {
			paths = append(paths, *r.Path)
		}
	}
	return paths
}

func TestResourcesAreATree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	out, err := w.CreateResource(t.Context(), &sdk.CreateResourceInput{RestApiId: id, ParentId: root, PathPart: aws.String("pets")})
	must(t, out, err)
	if len(*out.Id) != 6 || *out.ParentId != *root || *out.Path != "/pets" || *out.PathPart != "pets" || out.ResourceMethods != nil {
		t.Errorf("got %+v", out)
	}
	one := w.resource(id, out.Id, "{id}")
	w.resource(id, one, "{proxy+}")
	w.resource(id, out.Id, "list.all-of_them:now")
	update := func(resource *string, ops ...types.PatchOperation) (*sdk.UpdateResourceOutput, error) {
		return w.UpdateResource(t.Context(), &sdk.UpdateResourceInput{RestApiId: id, ResourceId: resource, PatchOperations: ops})
	}
	moved, err := update(out.Id, patch("replace", "/pathPart", "dogs"))
	must(t, moved, err)
	if diff := cmp.Diff([]string{"/", "/dogs", "/dogs/list.all-of_them:now", "/dogs/{id}", "/dogs/{id}/{proxy+}"}, w.paths(id)); diff != "" || *moved.Path != "/dogs" {
		t.Error(diff)
	}
	_, err = update(one, patch("replace", "/parentId", *root), patch("replace", "/pathPart", "{dog}"))
	if diff := cmp.Diff([]string{"/", "/dogs", "/dogs/list.all-of_them:now", "/{dog}", "/{dog}/{proxy+}"}, w.paths(id)); diff != "" || err != nil {
		t.Error(err, diff)
	}
	w.method(id, one, "GET")
	w.method(id, one, "POST")
	got, err := w.GetResource(t.Context(), &sdk.GetResourceInput{RestApiId: id, ResourceId: one})
	must(t, got, err)
	if len(got.ResourceMethods) != 2 || got.ResourceMethods["GET"].HttpMethod != nil {
		t.Errorf("methods are only named: %+v", got.ResourceMethods)
	}
	got, err = w.GetResource(t.Context(), &sdk.GetResourceInput{RestApiId: id, ResourceId: one, Embed: []string{"methods"}})
	must(t, got, err)
	if *got.ResourceMethods["GET"].HttpMethod != "GET" || got.ResourceMethods["GET"].MethodIntegration.Type != "MOCK" {
		t.Errorf("got %+v", got.ResourceMethods)
	}
	if _, err := w.DeleteResource(t.Context(), &sdk.DeleteResourceInput{RestApiId: id, ResourceId: one}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"/", "/dogs", "/dogs/list.all-of_them:now"}, w.paths(id)); diff != "" {
		t.Error(diff)
	}
	// A name that was given up is free again.
	w.resource(id, root, "{other}")
	w.resource(id, root, "pets")
}

func TestWhatAResourceMayNotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	pets := w.resource(id, root, "pets")
	sub := w.resource(id, pets, "subpets")
	w.resource(id, sub, "pets")
	proxy := w.resource(id, pets, "{proxy+}")
	create := func(parent *string, part string) func() error {
		return func() error {
			return second(w.CreateResource(t.Context(), &sdk.CreateResourceInput{RestApiId: id, ParentId: parent, PathPart: &part}))
		}
	}
	update := func(resource *string, op types.Op, path, value string) func() error {
		return func() error {
			return second(w.UpdateResource(t.Context(), &sdk.UpdateResourceInput{RestApiId: id, ResourceId: resource, PatchOperations: []types.PatchOperation{patch(op, path, value)}}))
		}
	}
	const (
		gone   = "Invalid Resource identifier specified"
		part   = "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end."
		greedy = "Cannot create a child of a resource with a greedy path variable: {proxy+}"
	)
	w.wantFailures([]failure{
		{"no API", func() error {
			return second(w.CreateResource(t.Context(), &sdk.CreateResourceInput{RestApiId: aws.String("a"), ParentId: root, PathPart: aws.String("a")}))
		}, notFound, "Invalid API identifier specified 123456789012:a"},
		{"no parent", create(aws.String("fake"), "a"), notFound, gone},
		{"taken", create(root, "pets"), conflict, "Another resource with the same parent already has this name: pets"},
		{"taken variable", create(pets, "{proxy+}"), conflict, "Another resource with the same parent already has this name: {proxy+}"},
		{"two variables", create(pets, "{id}"), badRequest, "A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed"},
		{"below greedy", create(proxy, "a"), badRequest, greedy},
		{"variable below greedy", create(proxy, "{a}"), badRequest, greedy},
		{"blank", create(root, "bad path!"), badRequest, part},
		{"slash", create(root, "a/b"), badRequest, part},
		{"empty", create(root, ""), badRequest, part},
		{"braces", create(root, "{}"), badRequest, part},
		{"half a variable", create(root, "a{b}"), badRequest, part},
		{"get", func() error {
			return second(w.GetResource(t.Context(), &sdk.GetResourceInput{RestApiId: id, ResourceId: aws.String("fake")}))
		}, notFound, gone},
		{"update what is not there", update(aws.String("fake"), "replace", "/pathPart", "a"), notFound, gone},
		{"wrong path", update(pets, "replace", "/invalid", "a"), badRequest, "Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/parentId, /pathPart]"},
		{"remove", update(pets, "remove", "/pathPart", ""), badRequest, "Invalid patch path  '/pathPart' specified for op 'remove'. Please choose supported operations"},
		{"add", update(pets, "add", "/pathPart", "a"), badRequest, "Invalid patch path  '/pathPart' specified for op 'add'. Please choose supported operations"},
		{"no new parent", update(sub, "replace", "/parentId", "fake"), notFound, gone},
		{"cycle", update(pets, "replace", "/parentId", *sub), badRequest, "Resources cannot be cyclical."},
		{"cycle of one", update(pets, "replace", "/parentId", *pets), badRequest, "Resources cannot be cyclical."},
		{"sibling", update(sub, "replace", "/pathPart", "bad path"), badRequest, part},
		{"greedy with children", update(pets, "replace", "/pathPart", "{pets+}"), badRequest, "Cannot create a child of a resource with a greedy path variable: {pets+}"},
		{"under a greedy parent", update(sub, "replace", "/parentId", *proxy), badRequest, greedy},
		{"root's name", update(root, "replace", "/pathPart", "a"), badRequest, "Root resource cannot update its pathPart."},
		{"root's parent", update(root, "replace", "/parentId", *pets), badRequest, "Root resource cannot update its parentId."},
		{"root", func() error {
			return second(w.DeleteResource(t.Context(), &sdk.DeleteResourceInput{RestApiId: id, ResourceId: root}))
		}, badRequest, "Root resource cannot be deleted."},
		{"delete what is not there", func() error {
			return second(w.DeleteResource(t.Context(), &sdk.DeleteResourceInput{RestApiId: id, ResourceId: aws.String("fake")}))
		}, notFound, gone},
	})
	// As recorded: a child that has the name of its would-be sibling.
	must(t, 0, update(sub, "replace", "/parentId", *root)())
	w.wantFailures([]failure{{"a sibling's name", update(sub, "replace", "/pathPart", "pets"), conflict, "Another resource with the same parent already has this name: pets"}})
}

// A resource costs the same where there are thousands.
func TestThousandsOfResources(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	start := time.Now()
	const n = 2000
	for i := range n {
		w.resource(id, root, fmt.Sprintf("r%04d", i))
	}
	t.Logf("%v for each of %d", time.Since(start)/n, n)
	if paths := w.paths(id); len(paths) != n+1 || paths[n] != "/r1999" {
		t.Errorf("%d resources, the last is %s", len(paths), paths[len(paths)-1])
	}
}

func BenchmarkCreateResource(b *testing.B) {
	for _, n := range []int{10, 1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := newWorld(b)
			id, root := w.api()
			for i := range n {
				w.resource(id, root, fmt.Sprint("r", i))
			}
			b.ResetTimer()
			for i := 0; b.Loop(); i++ {
				w.resource(id, root, fmt.Sprint("x", i))
			}
		})
	}
}
