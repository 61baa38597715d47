using SweepCluster.Graphs;
using SweepCluster.Server.Api.Contracts;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>Takes requests: the same for the form as for the API.</summary>
internal interface ISubmissions
{
    /// <summary>The dry run's count.</summary>
    /// <exception cref="BadInputException">Every fault, one on each line.</exception>
    Task<CountResource> CountAsync(SubmitRequest request, CancellationToken cancellationToken);

    /// <summary>Hands a sweep in.</summary>
    /// <exception cref="BadInputException">Every fault, one on each line.</exception>
    Task<SubmissionResource> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken);
}
