using System.Text.Json.Nodes;
using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Chart;

/// <summary>The renderer behaves as helm does: inputs and results of helm's own tests of its engine (helm 4.2, pkg/engine and pkg/chart/common/util), and what its documentation says of values and files.</summary>
public sealed class RendererTests
{
    [Theory]
    [InlineData("{{.Values.outer | title }} {{.Values.inner | title}}", "Spouter Inn")]
    [InlineData("{{.Values.global.callme | lower }}", "ishmael")]
    [InlineData("{{.noValue}}", "")]
    [InlineData("{{ .Values.absent }}!", "!")] // Go says <no value>, helm nothing
    [InlineData("{{toJson .Values.global}}", """{"callme":"Ishmael"}""")]
    [InlineData("{{getHostByName \"helm.sh\"}}", "")]
    [InlineData("{{.Release.Name}} {{.Release.Namespace}} {{.Release.Service}} {{.Release.IsInstall}} {{.Release.Revision}}", "demo lab Helm true 1")]
    [InlineData("{{.Chart.Name}} {{.Chart.Version}} {{.Chart.AppVersion}} {{.Chart.IsRoot}}", "moby 1.2.3 9 true")]
    [InlineData("{{.Template.Name}} {{.Template.BasePath}}", "moby/templates/test.txt moby/templates")]
    [InlineData("{{.Capabilities.KubeVersion}} {{.Capabilities.KubeVersion.Version}} {{.Capabilities.KubeVersion.Minor}}", "v1.30.0 v1.30.0 30")]
    [InlineData("{{.Capabilities.APIVersions.Has \"apps/v1\"}} {{.Capabilities.APIVersions.Has \"keda.sh/v1alpha1\"}}", "true false")]
    [InlineData("{{.Files.Get \"book/title.txt\"}}|{{.Files.Get \"absent\"}}", "Aeneid|")]
    [InlineData("{{range $name, $content := .Files.Glob \"book/*\"}}{{$name}} {{end}}", "book/title.txt ")]
    [InlineData("{{range $name, $content := .Files.Glob \"*\"}}{{$name}} {{end}}", "author ")] // a star stays within a folder
    [InlineData("{{range .Files.Lines \"author\"}}<{{.}}>{{end}}", "<Virgil><Maro>")]
    [InlineData("{{(.Files.Glob \"book/*\").AsConfig}}", "title.txt: Aeneid")]
    [InlineData("{{(.Files.Glob \"book/*\").AsSecrets}}", "title.txt: QWVuZWlk")]
    [InlineData("{{ include \"moby.greeting\" .Values }}", "hello spouter")]
    [InlineData("{{ tpl \"{{ include \\\"moby.greeting\\\" .Values }}{{ .Values.absent }}\" . }}", "hello spouter")]
    [InlineData("{{ tpl \"{{ define \\\"own\\\" }}mine{{ end }}{{ include \\\"own\\\" . }}\" . }}", "mine")]
    [InlineData("{{ toYaml .Values.global }}", "callme: Ishmael")]
    [InlineData("{{ toYaml \"yes\" }} {{ toYaml true }}", "\"yes\" true")] // YAML 1.1: yes is a truth, and quoted as a text
    [InlineData("{{ (fromYaml \"a: on\").a }}", "true")]
    [InlineData("{{ (fromYaml \"- a\").Error | contains \"cannot unmarshal array\" }}", "true")]
    [InlineData("{{ len (fromYamlArray \"[1, 2]\") }} {{ (fromJson `{\"a\":\"b\"}`).a }} {{ index (fromJsonArray `[\"x\"]`) 0 }}", "2 b x")]
    [InlineData("{{ .Values.million }} {{ int .Values.million }} {{ .Values.port }}", "1e+06 1000000 8080")] // numbers are floats
    [InlineData("{{ (lookup \"v1\" \"Namespace\" \"\" \"absent\") }}", "map[]")]
    [InlineData("{{ semverCompare \">=1.30.0-0\" \"v1.30.4-gke.100\" }}", "true")]
    [InlineData("{{ default \"happy\" .Values.nothing }}", "happy")]
    public async Task Render_Template_IsWhatHelmMakesOfIt(string template, string expected)
    {
        using TemporaryFolder folder = new();

        Outcome outcome = await RenderAsync(folder, template, "outer: spouter\ninner: inn\nglobal: {callme: Ishmael}\n");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(expected, (string)JsonNode.Parse(outcome.Output)!["files"]![0]!["text"]!);
    }

    [Theory]
    [InlineData("{{required \"foo is required\" .Values.foo}}", "execution error at (moby/templates/test.txt:1:2): foo is required")]
    [InlineData("{{required \":this: message: has many: colons:\" .Values.foo}}", "execution error at (moby/templates/test.txt:1:2): :this: message: has many: colons:")]
    [InlineData("{{required \"foo is required\\nmore info after the break\" .Values.foo}}", "execution error at (moby/templates/test.txt:1:2): foo is required\nmore info after the break")]
    [InlineData("All your base are belong to us{{ fail \"This is an error\" }}", "execution error at (moby/templates/test.txt:1:33): This is an error")]
    [InlineData("{{foo}}", "function \"foo\" not defined")]
    [InlineData("{{env \"HOME\"}}", "function \"env\" not defined")]
    [InlineData("{{ define \"loop\" }}{{ include \"loop\" . }}{{ end }}{{ include \"loop\" . }}", "nested reference name: loop")]
    [InlineData("{{ include \"absent\" . }}", "no template \"absent\"")]
    [InlineData("{{ .Values.outer.inner.deep }}", "nil pointer evaluating interface {}.inner")]
    public async Task Render_WrongTemplate_IsRefusedAsHelmRefusesIt(string template, string reason)
    {
        using TemporaryFolder folder = new();

        Outcome outcome = await RenderAsync(folder, template, "{}");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", """{"a":1,"table":{"x":1,"w":{"z":2}},"list":[1,2]}""")]
    [InlineData("{a: 2}", """{"a":2,"table":{"x":1,"w":{"z":2}},"list":[1,2]}""")]
    [InlineData("{a: null}", """{"table":{"x":1,"w":{"z":2}},"list":[1,2]}""")] // null takes the chart's value away
    [InlineData("{table: {x: null, new: 3}}", """{"a":1,"table":{"new":3,"w":{"z":2}},"list":[1,2]}""")]
    [InlineData("{table: null}", """{"a":1,"list":[1,2]}""")]
    [InlineData("{list: [3]}", """{"a":1,"table":{"x":1,"w":{"z":2}},"list":[3]}""")] // lists are replaced
    [InlineData("{y: 1}", """{"a":1,"table":{"x":1,"w":{"z":2}},"list":[1,2],"true":1}""")] // YAML 1.1: y is a truth, as a key too
    [InlineData("{other: {deep: null}}", """{"a":1,"table":{"x":1,"w":{"z":2}},"list":[1,2],"other":{"deep":null}}""")]
    public async Task Render_GivenValues_LieOverTheChartsAsInHelm(string given, string expected)
    {
        using TemporaryFolder folder = new();

        Outcome outcome = await RenderAsync(folder, "x", "a: 1\ntable: {x: 1, w: {z: 2}, none: null}\nlist: [1, 2]\nnothing: null\n", given);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(outcome.Output)!["values"]), outcome.Output);
    }

    [Fact]
    public async Task Render_SymbolicLinks_AreFollowedToFilesAndFolders()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["elsewhere"]);
        await File.WriteAllTextAsync(folder.At("elsewhere", "linked.txt"), "content");
        Directory.CreateDirectory(folder["chart"]);
        Directory.CreateSymbolicLink(folder.At("chart", "links"), "../elsewhere");

        Outcome outcome = await RenderAsync(folder, "{{ .Files.Get \"links/linked.txt\" }}", "{}");

        Assert.Equal("content", (string)JsonNode.Parse(outcome.Output)!["files"]![0]!["text"]!);
    }

    [Theory]
    [InlineData("a: 1\na: 2\n", "already set in map")]
    [InlineData("a: b: c\n", "mapping values are not allowed")]
    public async Task Render_WrongYaml_IsRefused(string yaml, string reason)
    {
        using TemporaryFolder folder = new();
        Write(folder, "x", "{}");
        await File.WriteAllTextAsync(folder.At("chart", "templates", "object.yaml"), yaml);

        Outcome outcome = await ChartRenderer.RunAsync(folder["chart"], []);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_Documents_AreReadAsTheApiServerReadsThem()
    {
        using TemporaryFolder folder = new();
        Write(folder, "x", "{}");
        await File.WriteAllTextAsync(folder.At("chart", "templates", "object.yaml"), "# first\n---\na: on\nb: 0440\nc: 1e3\nd: \"on\"\ne: 1_000\n---\n# nothing\n---\nf: 012\n");

        Outcome outcome = await ChartRenderer.RunAsync(folder["chart"], []);

        Assert.Equal("""[{"a":true,"b":288,"c":1000,"d":"on","e":1000},{"f":10}]""", JsonNode.Parse(outcome.Output)!["files"]![0]!["documents"]!.ToJsonString());
    }

    private static Task<Outcome> RenderAsync(TemporaryFolder folder, string template, string own, params string[] given)
    {
        Write(folder, template, own);
        return ChartRenderer.RunAsync(folder["chart"], [], given);
    }

    private static void Write(TemporaryFolder folder, string template, string own)
    {
        Directory.CreateDirectory(folder.At("chart", "templates"));
        Directory.CreateDirectory(folder.At("chart", "book"));
        File.WriteAllText(folder.At("chart", "Chart.yaml"), "{apiVersion: v2, name: moby, version: 1.2.3, appVersion: \"9\"}");
        File.WriteAllText(folder.At("chart", "values.yaml"), own + (own.StartsWith("outer", StringComparison.Ordinal) ? "million: 1000000\nport: 8080\n" : ""));
        File.WriteAllText(folder.At("chart", "author"), "Virgil\nMaro\n");
        File.WriteAllText(folder.At("chart", "book", "title.txt"), "Aeneid");
        File.WriteAllText(folder.At("chart", "templates", "_names.tpl"), "{{ define \"moby.greeting\" }}hello {{ .outer }}{{ end }}");
        File.WriteAllText(folder.At("chart", "templates", "test.txt"), template);
    }
}
