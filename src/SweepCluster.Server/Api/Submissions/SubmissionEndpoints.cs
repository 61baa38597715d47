using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.OpenApi;
using SweepCluster.Server.Api.Problems;

namespace SweepCluster.Server.Api.Submissions;

/// <summary>Sweeps are handed in, or counted beforehand.</summary>
internal static class SubmissionEndpoints
{
    private const long MostBody = 64 << 20; // a folder of pictures has a line for each

    internal static void Map(IEndpointRouteBuilder routes)
    {
        Transfer.On(routes.MapPost(ApiPaths.Sweeps, SubmitAsync), MostBody)
            .Describe(
                "submitSweep", "Hands a sweep in, or finds that it is there already. Its files were sent as parts before.", AccessScope.Submit,
                ProblemKind.Malformed, ProblemKind.Conflict, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.Unusable)
            .Produces<SubmissionResource>(StatusCodes.Status201Created).Produces<SubmissionResource>()
            .WithMetadata(IdempotencyKeys.Parameter);
        Transfer.On(routes.MapPost(ApiPaths.Plans, (SubmissionDesk submissions, SubmitRequest request, CancellationToken cancellationToken) => submissions.CountAsync(request, cancellationToken)), MostBody)
            .Describe(
                "countSweep", "Says what a sweep would be, without running anything.", AccessScope.Submit,
                ProblemKind.Malformed, ProblemKind.TooLarge, ProblemKind.MediaType, ProblemKind.Unusable);
    }

    private static async Task<IResult> SubmitAsync(HttpContext context, SubmissionDesk submissions, IdempotencyKeys keys, SubmitRequest request, CancellationToken cancellationToken)
    {
        SubmissionDesk.Check(request); // before it is written down as the key's
        string caller = context.Features.Get<Caller>()?.Key ?? "";
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.SubmitRequest);
        SubmissionResource answer = await keys.OnceAsync(context, caller, body, () => submissions.SubmitAsync(request, cancellationToken));
        string place = $"{ApiPaths.Sweeps}/{answer.Sweep.Id}";
        context.Response.Headers.Location = place;
        return answer.IsNew ? Results.Created(place, answer) : Results.Ok(answer);
    }
}
