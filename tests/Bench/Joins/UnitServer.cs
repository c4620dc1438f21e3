using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Link;

namespace VSan.Tests.Bench.Joins;

/// <summary>The units' side of all links: one HTTP/2 server on connections that were dialled, each of another unit.</summary>
internal sealed class UnitServer : IConnectionListenerFactory, IConnectionListener, IAsyncDisposable
{
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);

    private readonly Channel<ConnectionContext> _dialled = Channel.CreateUnbounded<ConnectionContext>();
    private readonly CancellationTokenSource _stop = new();
    private WebApplication? _server;

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new DnsEndPoint("dialled", 0);

    /// <summary>Starts without a connection.</summary>
    public static async Task<UnitServer> StartAsync()
    {
        UnitServer units = new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<IConnectionListenerFactory>(units);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(units.EndPoint, listen => listen.Protocols = HttpProtocols.Http2));
        units._server = builder.Build();
        units._server.Run(units.AnswerAsync);
        await units._server.StartAsync();
        return units;
    }

    /// <summary>Serves a unit on the connection that it dialled.</summary>
    public void Serve(JoiningUnit unit, DialledConnection connection)
    {
        connection.Features.Set(unit);
        _dialled.Writer.TryWrite(connection);
    }

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => ValueTask.FromResult<IConnectionListener>(this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _dialled.Reader.WaitToReadAsync(cancellationToken) && _dialled.Reader.TryRead(out ConnectionContext? connection) ? connection : null;

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _dialled.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _server, null) is not { } server) return;
        await _stop.CancelAsync();
        await server.DisposeAsync();
        _stop.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        JoiningUnit unit = context.Features.Get<JoiningUnit>() ?? throw new InvalidOperationException("The connection is of no unit.");
        return context.Request.Path.Value switch
        {
            "/link/v1/inventory" => context.Response.WriteAsJsonAsync(unit.Inventory, UnitLinkJson.Default.UnitInventory),
            "/link/v1/configuration" => TakeAsync(context, unit),
            _ => ReportAsync(context, unit),
        };
    }

    private static async Task TakeAsync(HttpContext context, JoiningUnit unit)
    {
        unit.Accept((await context.Request.ReadFromJsonAsync(UnitLinkJson.Default.ConfigurationPush))!);
        await context.Response.WriteAsJsonAsync(unit.Status, UnitLinkJson.Default.ConfigurationStatus);
    }

    private async Task ReportAsync(HttpContext context, JoiningUnit unit)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        for (long sequence = 1; !end.IsCancellationRequested; sequence++)
        {
            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(unit.Report(sequence), UnitLinkJson.Default.UnitReport), (byte)'\n'];
            await context.Response.BodyWriter.WriteAsync(line, CancellationToken.None);
            await Task.Delay(ReportPeriod, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
