using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using VSan.UnitAgent.Enrolment;

namespace VSan.UnitAgent.Link;

/// <summary>
/// A listener that opens no port: when Kestrel asks for the next connection, it dials the station, and when that connection has ended, it
/// dials again. HTTP/2 then runs the other way round: who dialled is the server.
/// </summary>
internal sealed class DiallingListener(EndPoint endPoint, Enroller enroller, MemberIdentity identity, LinkPresence presence, TimeProvider time, ILogger log)
    : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();
    private DialledConnection? _present;

    /// <inheritdoc/>
    public EndPoint EndPoint => endPoint;

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _unbound.Token);
        try
        {
            BackOff backOff = new();
            if (_present is not null)
            {
                await _present.Ended.WaitAsync(stop.Token);
                presence.Lost();
                log.LogWarning("The link to the station ended; dialling again.");
                await Task.Delay(backOff.Next(), time, stop.Token);
            }

            return _present = await DialAsync(backOff, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default) => await _unbound.CancelAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _unbound.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<DialledConnection> DialAsync(BackOff backOff, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Admission admission = await enroller.RefreshAsync(presence.WasRefused, cancellationToken);
                DialledConnection connection = await StationDialler.DialAsync(admission, identity, cancellationToken);
                presence.Established();
                log.LogInformation("Linked to the station at {Endpoint}.", admission.LinkEndpoint);
                return connection;
            }
            catch (Exception failure) when (failure is IOException or AuthenticationException or CryptographicException)
            {
                if (failure is AuthenticationException) presence.Refused();
                TimeSpan pause = backOff.Next();
                log.LogWarning("The station cannot be linked to, next try in {Pause:0.0} s: {Reason}", pause.TotalSeconds, failure.Message);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }
}
