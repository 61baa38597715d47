using Microsoft.AspNetCore.Builder;

namespace SweepCluster.Server.Access.Sessions;

/// <summary>Metadata of an endpoint whose form holds files of any size: it checks the form's token itself, as the first field, before it reads on.</summary>
internal sealed record StreamedForm
{
    /// <summary>Says that endpoints check their forms themselves.</summary>
    internal static TBuilder On<TBuilder>(TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new StreamedForm());
}
