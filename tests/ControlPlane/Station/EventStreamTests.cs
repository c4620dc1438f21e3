using VSan.Contracts.Api;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

public sealed class EventStreamTests(RunningStation station) : IClassFixture<RunningStation>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Events_AddedWhileStreaming_ArriveAndResumeAfterTheLastNumberSeen()
    {
        using CancellationTokenSource deadline = new(Deadline);
        using HttpClient client = station.Administrator();
        await station.AppendEventAsync("first");
        string firstId;
        using (StreamReader live = await OpenAsync(client, "0", deadline.Token))
        {
            firstId = await IdOfAsync(live, "first", deadline.Token);
            await station.AppendEventAsync("second");
            await IdOfAsync(live, "second", deadline.Token);
        }

        using StreamReader resumed = await OpenAsync(client, firstId, deadline.Token);
        Assert.Equal($"id: {long.Parse(firstId, System.Globalization.CultureInfo.InvariantCulture) + 1}", await resumed.ReadLineAsync(deadline.Token));
        Assert.Equal("event: test", await resumed.ReadLineAsync(deadline.Token));
        Assert.Contains("second", await resumed.ReadLineAsync(deadline.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_OfASessionThatIsSignedOut_EndAndTellNoMore()
    {
        using CancellationTokenSource deadline = new(Deadline);
        string bearer = await station.SignInAsync(new Binding(Role.Admin, Scope.All));
        using HttpClient client = station.Client(bearer);
        await station.AppendEventAsync("while-signed-in");
        using StreamReader live = await OpenAsync(client, "0", deadline.Token);
        await IdOfAsync(live, "while-signed-in", deadline.Token);
        await station.Services.Sessions.SignOutAsync(bearer, deadline.Token);
        await station.AppendEventAsync("after-sign-out");
        Assert.DoesNotContain("after-sign-out", await live.ReadToEndAsync(deadline.Token), StringComparison.Ordinal);
    }

    private static async Task<StreamReader> OpenAsync(HttpClient client, string lastEventId, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/events");
        request.Headers.Add("Last-Event-ID", lastEventId);
        HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
    }

    private static async Task<string> IdOfAsync(StreamReader stream, string message, CancellationToken cancellationToken)
    {
        string id = "";
        while (await stream.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains(message, StringComparison.Ordinal)) return id;
        }

        throw new InvalidDataException($"The stream ended before {message}.");
    }
}
