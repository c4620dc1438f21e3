using System.Globalization;
using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/events</c>: what happens, as server-sent events (WHATWG HTML, 9.2), from now or after <c>Last-Event-ID</c>.</summary>
internal sealed class EventEndpoints(EventLog events, TimeProvider time, CancellationToken stopping)
{
    // Proxies and clients give up on silent connections, often after 30 or 60 s.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/events", StreamAsync).Needs("event.read");

    private async Task StreamAsync(HttpContext context)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        EventFilter filter = Filter(context);
        long after = await BeginAfterAsync(context, end.Token);
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync(end.Token);
        await using IAsyncEnumerator<PoolEvent> stream = events.StreamAsync(context.Caller, filter, after, end.Token).GetAsyncEnumerator(end.Token);
        Task<bool> next = stream.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                using CancellationTokenSource quiet = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                bool isNews = await Task.WhenAny(next, Task.Delay(KeepAlive, time, quiet.Token)) == next;
                await quiet.CancelAsync();
                if (isNews && !await next) return;
                await context.Response.WriteAsync(isNews ? Format(stream.Current) : ": still here\n\n", end.Token);
                await context.Response.Body.FlushAsync(end.Token);
                if (isNews) next = stream.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client hung up, or the station stops: it resumes elsewhere or later by the last number it saw.
            return;
        }
        finally
        {
            // An enumerator may not be disposed while it is being moved.
            await end.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static EventFilter Filter(HttpContext context)
    {
        string? unknown = context.Request.Query.Keys.FirstOrDefault(name => name is not ("kind" or "subject"));
        if (unknown is not null) throw RequestReader.AtFault($"/{unknown}", "is not a filter of events. They have: kind, subject.");
        return new EventFilter(context.QueryText("kind"), context.QueryText("subject"));
    }

    private async Task<long> BeginAfterAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string last = context.Request.Headers["Last-Event-ID"].ToString();
        if (last.Length > 0)
        {
            return long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out long id)
                ? id
                : throw new ProblemException("malformed", "Last-Event-ID is not a number that this station has given.");
        }

        return await events.RecentAsync(1, cancellationToken) is [PoolEvent newest] ? newest.Id : 0;
    }

    private static string Format(PoolEvent happened) =>
        $"id: {happened.Id}\nevent: {happened.Kind}\ndata: {JsonSerializer.Serialize(happened, ApiJson.Default.PoolEvent)}\n\n";
}
