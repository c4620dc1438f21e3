using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.WebOs.Shell;

/// <summary>
/// GET /desktop/events: one line whenever something happened that the person may see, at most four a second, numbered so that a browser that
/// was away resumes (WHATWG HTML, 9.2). It says that, not what: the windows ask for their own pages, with their own rights (docs/adr/0071).
/// </summary>
internal sealed class DesktopEvents(StationServices services, TimeProvider time)
{
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(15);

    /// <summary>Streams until the browser or the station goes.</summary>
    public async Task StreamAsync(HttpContext context, Caller caller)
    {
        CancellationToken stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        long after = long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            ? last
            : await services.Events.RecentAsync(1, end.Token) is [PoolEvent newest] ? newest.Id : 0;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context, "retry: 1000\n\n", end.Token);
        IAsyncEnumerator<PoolEvent> events = services.Events.StreamAsync(caller, new EventFilter(), after, end.Token).GetAsyncEnumerator(end.Token);
        Task<bool> next = events.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (!await HasWithinAsync(next, s_keepAlive, end.Token))
                {
                    await WriteAsync(context, ": still here\n\n", end.Token);
                    continue;
                }

                if (!await next) return;
                long number = events.Current.Id;
                next = events.MoveNextAsync().AsTask();
                Task rest = Task.Delay(s_rest, time, end.Token);
                while (await Task.WhenAny(next, rest) == next && await next)
                {
                    number = events.Current.Id;
                    next = events.MoveNextAsync().AsTask();
                }

                await WriteAsync(context, string.Create(CultureInfo.InvariantCulture, $"id: {number}\nevent: changed\ndata: {number}\n\n"), end.Token);
                await rest;
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The browser went, or the station stops: it resumes by the last number it saw.
        }
        finally
        {
            // An enumerator may not be disposed while it is being moved.
            await end.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await events.DisposeAsync();
        }
    }

    private async Task<bool> HasWithinAsync(Task next, TimeSpan patience, CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bool has = await Task.WhenAny(next, Task.Delay(patience, time, over.Token)) == next;
        await over.CancelAsync();
        return has;
    }

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(text, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}
