using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server.Access.Limits;

/// <summary>Seats for requests that hold a file of the server's own while somebody sends or fetches, however slowly: they bound the disk that requests take. Thread-safe.</summary>
internal sealed class FileSeats(LimitOptions limits)
{
    private readonly CallerSeats _uploads = new(limits.CallerUploads, limits.AllUploads);
    private readonly CallerSeats _results = new(limits.CallerResults, limits.AllResults);

    /// <summary>Takes a seat for a part of a file that comes in; it is given back when the request is over.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    internal void TakeUpload(HttpContext context) => Take(context, _uploads, "uploads", limits.CallerUploads, limits.AllUploads);

    /// <summary>Takes a seat for a result that goes out; it is given back when the request is over.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    internal void TakeResult(HttpContext context) => Take(context, _results, "results that are fetched", limits.CallerResults, limits.AllResults);

    private static void Take(HttpContext context, CallerSeats seats, string what, int perCaller, int inAll)
    {
        Caller caller = context.Features.Get<Caller>() ?? Caller.Local;
        if (!seats.TryTake(caller.Key, caller.Way == SignInWay.None))
        {
            string detail = $"found too many {what} at once, expected at most {perCaller} of one caller and {inAll} in all.";
            Refused.Mark(context, ServerMetrics.Rate, detail);
            throw new ProblemException(ProblemKind.TooMany, detail);
        }

        context.Response.RegisterForDispose(new Seat(seats, caller.Key));
    }

    private sealed class Seat(CallerSeats seats, string caller) : IDisposable
    {
        public void Dispose() => seats.Release(caller);
    }
}
