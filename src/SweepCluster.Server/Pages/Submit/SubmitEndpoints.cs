using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SweepCluster.Graphs;
using SweepCluster.Reports.Formatting;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Access.Sessions;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Api.Submissions;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Pages.Frame;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>The form that hands sweeps in.</summary>
internal static class SubmitEndpoints
{
    private const long MostBytes = 64L << 30; // of a form with model and data
    private const string SpecName = "sweep.yaml: "; // what the desk calls a spec without a name

    /// <summary>Maps it.</summary>
    internal static void Map(WebApplication server)
    {
        RequiredScope.On(server.MapGet(PagePaths.Submit, (HttpContext context, ServerParts parts) => PageAnswers.GuardAsync(context, PagePaths.Sweeps, () => ShowAsync(context, parts))), AccessScope.Submit);
        RequiredScope.On(
            StreamedForm.On(Transfer.On(
                server.MapPost(PagePaths.Submit, (HttpContext context, ServerParts parts, ServerFolder folders, SubmissionDesk submissions) =>
                    PageAnswers.GuardAsync(context, PagePaths.Submit, () => TakeAsync(context, parts, folders, submissions))),
                MostBytes)),
            AccessScope.Submit);
    }

    private static async Task ShowAsync(HttpContext context, ServerParts parts)
    {
        (ImmutableArray<KnownFiles> models, ImmutableArray<KnownFiles> datas) = await new StoredFiles(parts).ListAsync(context.RequestAborted);
        await SendAsync(context, new SubmitFormView { Models = models, Datas = datas });
    }

    private static async Task TakeAsync(HttpContext context, ServerParts parts, ServerFolder folders, SubmissionDesk submissions)
    {
        CancellationToken cancel = context.RequestAborted;
        SubmitForm form = new(parts.Blobs, folders);
        await form.ReadAsync(context);
        StoredFiles stored = new(parts);
        List<FormFault> faults = form.Faults;
        FormFiles? model = await TryAsync(faults, async () => form.Model is { } uploaded ? uploaded
            : form["model-from"].Length > 0 ? await stored.ModelAsync(form["model-from"], cancel) : await KeptFiles.FindAsync("Model", form["model-kept"], parts.Blobs, cancel));
        FormFiles? data = await TryAsync(faults, async () => form.Data is { } uploaded ? uploaded
            : form["data-from"].Length > 0 ? await stored.DataAsync(form["data-from"], cancel) : await KeptFiles.FindAsync("Labelled data", form["data-kept"], parts.Blobs, cancel));
        SubmitFormView view = await ViewAsync(form, model, data, parts, stored, cancel);
        SubmitRequest request = new(form["spec"], [.. model?.Files ?? [], .. data?.Files ?? []])
        {
            Settings = [.. model?.Settings ?? [], .. data?.Settings ?? []],
            Priority = Priority(form["priority"], faults),
        };
        if (faults.Count == 0 && form["do"] == "submit" && await TryAsync(faults, () => submissions.SubmitAsync(request, cancel)) is { } submission)
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = PagePaths.Of(submission.Sweep.Id);
            return;
        }

        // What is wrong with the spec is told even where model or data are missing: a person mends all at once.
        CountResource? count = form["do"] == "submit" && faults.Count > 0 && model is not null ? null : await TryAsync(faults, () => submissions.CountAsync(request, cancel));
        view = count is null || faults.Count > 0
            ? view with { Faults = [.. faults.Select(Reword).Distinct().OrderBy(fault => fault.Line)] }
            : view with { Count = [.. Lines(count)], Notices = count.Notices };
        await SendAsync(context, view);
    }

    private static async Task<SubmitFormView> ViewAsync(SubmitForm form, FormFiles? model, FormFiles? data, ServerParts parts, StoredFiles stored, CancellationToken cancellationToken)
    {
        (ImmutableArray<KnownFiles> models, ImmutableArray<KnownFiles> datas) = await stored.ListAsync(cancellationToken);
        bool modelIsStored = form.Model is null && form["model-from"].Length > 0, dataIsStored = form.Data is null && form["data-from"].Length > 0;
        return new SubmitFormView
        {
            Spec = form["spec"].ReplaceLineEndings("\n"),
            Priority = form["priority"],
            Models = models,
            Datas = datas,
            ModelFrom = modelIsStored ? form["model-from"] : "",
            DataFrom = dataIsStored ? form["data-from"] : "",
            UploadedModel = modelIsStored ? null : Words(model),
            UploadedData = dataIsStored ? null : Words(data),
            ModelKept = modelIsStored || model is null ? "" : await KeptFiles.KeepAsync(model, parts.Blobs, cancellationToken),
            DataKept = dataIsStored || data is null ? "" : await KeptFiles.KeepAsync(data, parts.Blobs, cancellationToken),
        };
    }

    // Model and data are fields here, and the spec is no file.
    private static FormFault Reword(FormFault fault) => fault.Text.Contains("found no key 'model'", StringComparison.Ordinal)
        ? new FormFault(0, "Model: found none, expected an upload or the model of an earlier sweep.")
        : fault.Text.Contains("found no key 'data'", StringComparison.Ordinal) ? new FormFault(0, "Labelled data: found none, expected an upload or the data of an earlier sweep.")
        : fault.Text.StartsWith(SpecName, StringComparison.Ordinal) ? fault with { Text = char.ToUpperInvariant(fault.Text[SpecName.Length]) + fault.Text[(SpecName.Length + 1)..] }
        : fault;

    private static string? Words(FormFiles? files) => files is null ? null : files.SizeBytes is { } bytes ? $"{files.Name}, {Quantities.Bytes(bytes)}," : files.Name;

    private static IEnumerable<CountLine> Lines(CountResource count) =>
    [
        new("Layers", Quantities.Count(count.Layers), $"{Quantities.Count(count.LeftAlone, "weight")} left alone"),
        new("Cells", Quantities.Count(count.Cells), "weights under schemes, equal ones once"),
        new("Probes", Quantities.Count(count.Probes), "layers under schemes, one at a time"),
        new("Trials", Quantities.Count(count.UniformPlans), $"uniform plans, and up to {Quantities.Count(count.MixedPlans)} mixed"),
        new("Model", Quantities.Bytes(count.ModelBytes), "uncompressed"),
        new("Memory", Quantities.Bytes(count.SharedMemoryBytes), $"and {Quantities.Bytes(count.SlotMemoryBytes)} for each slot"),
    ];

    private static int? Priority(string text, List<FormFault> faults)
    {
        try
        {
            return text.Length == 0 ? null : PriorityField.Read(text);
        }
        catch (BadInputException error)
        {
            faults.Add(new FormFault(0, error.Message));
            return null;
        }
    }

    private static async Task<T?> TryAsync<T>(List<FormFault> faults, Func<Task<T>> step)
        where T : class?
    {
        try
        {
            return await step();
        }
        catch (Exception error) when (error is BadInputException or ProblemException)
        {
            faults.AddRange(FormFault.Of(error.Message));
            return null;
        }
    }

    private static Task SendAsync(HttpContext context, SubmitFormView view) => PageAnswers.SendAsync<SubmitPage>(
        context,
        new Dictionary<string, object?> { ["Info"] = PageInfos.Of(context, "New sweep", PagePaths.Submit, isLive: false), ["View"] = view },
        view.Faults.IsEmpty ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}
