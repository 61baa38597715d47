using System.Net;
using Microsoft.AspNetCore.Connections;
using SweepCluster.Server.Access.Limits;

namespace SweepCluster.Server.Tests.Access;

public sealed class AddressSeatsTests
{
    [Fact]
    public async Task ServeAsync_AnAddressWithTooManyConnections_IsEndedAndOthersFindSeats()
    {
        AddressSeats seats = new(perAddress: 2, inAll: 4);
        Connection first = new("10.0.0.1"), second = new("::ffff:10.0.0.1"), third = new("10.0.0.1"), other = new("10.0.0.2"), another = new("fd00::1"), neighbour = new("fd00::2");

        Task[] served = [.. ((Connection[])[first, second, third, other, another, neighbour]).Select(connection => connection.ServeAsync(seats))];

        Assert.Equal([true, true, false, true, true, false], ((Connection[])[first, second, third, other, another, neighbour]).Select(connection => connection.IsServed)); // of six, two of one address and four in all
        Assert.Equal([false, false, true, false, false, true], ((Connection[])[first, second, third, other, another, neighbour]).Select(connection => connection.IsEnded));
        first.Leave();
        await served[0];
        Connection next = new("10.0.0.1"), tooMany = new("10.0.0.1");
        served = [.. served, next.ServeAsync(seats), tooMany.ServeAsync(seats)];
        Assert.Equal((true, false), (next.IsServed, tooMany.IsServed));
        Array.ForEach((Connection[])[second, other, another, next], static connection => connection.Leave());
        await Task.WhenAll(served);
    }

    [Fact]
    public async Task ServeAsync_AConnectionThatFails_GivesItsSeatBack()
    {
        AddressSeats seats = new(perAddress: 1, inAll: 1);

        await Assert.ThrowsAsync<IOException>(() => seats.ServeAsync(new Connection("10.0.0.1"), static _ => throw new IOException("reset")));

        Connection next = new("10.0.0.1");
        Task served = next.ServeAsync(seats);
        Assert.True(next.IsServed);
        next.Leave();
        await served;
    }

    private sealed class Connection : DefaultConnectionContext
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Connection(string address) => RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 12345);

        internal bool IsServed { get; private set; }

        internal bool IsEnded { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsEnded = true;

        internal Task ServeAsync(AddressSeats seats) => seats.ServeAsync(this, _ =>
        {
            IsServed = true;
            return _left.Task;
        });

        internal void Leave() => _left.SetResult();
    }
}
