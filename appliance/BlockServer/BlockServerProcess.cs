using System.Runtime.InteropServices;
using VSan.BlockServer.Configuration;
using VSan.BlockServer.Control;
using VSan.BlockServer.Metrics;
using VSan.BlockServer.Serving;
using VSan.Contracts.BlockServer;
using VSan.Interop;
using VSan.Interop.Uring;
using VSan.Iscsi;
using VSan.Reactor;

namespace VSan.BlockServer;

/// <summary>The verb run: from the first ring to the last drained connection.</summary>
internal static class BlockServerProcess
{
    // Initiators get this long to log out, volumes this long to finish: five seconds in all, then the process ends regardless.
    private static readonly TimeSpan LogoutTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    // Also when a ring hangs and never drains.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(4.5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>Serves until SIGTERM or SIGINT.</summary>
    internal static async Task<int> RunAsync(CommandLine line)
    {
        var log = new EventLog(Console.Error, TimeProvider.System);
        ProcessHardening.Apply(log);
        ServiceNotifier notifier = ServiceNotifier.FromEnvironment();
        var incidents = new IncidentLog(log, TimeProvider.System);
        ControlAccess? access = ControlAccess.TryFor(line.ControlGroup, out string? error);
        if (access is null) return Fail(log, error);
        using StateDirectory? state = StateDirectory.TryTake(line.State!, out error);
        if (state is null) return Fail(log, error);
        var file = new ConfigurationFile(state.Path);

        // Read beside the start of the rings: with a thousand volumes both take a while.
        Task<(string? Error, BlockServerConfiguration? Configuration)> kept = Task.Run(() => (file.Read(out BlockServerConfiguration? read), read));
        var sessions = new SessionRegistry();
        var options = new RingOptions(line.BuffersMib * 1024 * 1024, Engine: line.Engine);
        RingFrontEnd[] rings = RingFrontEnd.Create(line.Rings, options, sessions, TimeProvider.System);
        error = Start(rings, incidents, log);
        if (error is not null) return Fail(log, error);

        using var served = new ServedConfiguration(rings, sessions, file, log);
        error = await RestoreAsync(served, kept).ConfigureAwait(false);
        if (error is not null) log.Error("restore-failed", ("error", error));
        using ControlSocket? control = ControlSocket.TryListen(line.Control, access, served, log, out error);
        if (control is null) return Fail(log, error);
        using MetricsListener? metrics = line.Metrics is null ? null : MetricsListener.TryListen(line.Metrics, served, out error);
        if (line.Metrics is not null && metrics is null) return Fail(log, error);
        log.Info("ready", ("control", line.Control), ("rings", rings.Length), ("engine", $"{rings[0].Ring.Engine}"), ("arenaRegistered", rings.All(ring => ring.Ring.IsArenaRegistered)), ("metrics", metrics?.Address ?? "off"));
        notifier.Ready();
        await ServeAsync(stop => Task.WhenAll(
            control.RunAsync(stop),
            metrics?.RunAsync(stop) ?? Task.CompletedTask,
            UntilCancelledAsync(incidents.RunAsync(stop)),
            UntilCancelledAsync(new SpaceWatch(served, log).RunAsync(stop)),
            UntilCancelledAsync(notifier.WatchAsync(() => Task.WhenAll(rings.Select(ring => ring.RunAsync(() => { }))), stop)))).ConfigureAwait(false);
        log.Info("stopping");
        notifier.Stopping();
        Task draining = DrainAsync(served, rings);
        Task first = await Task.WhenAny(draining, Task.Delay(StopTime)).ConfigureAwait(false);
        await first.ConfigureAwait(false);
        incidents.WriteWaiting();
        log.Info("stopped", ("drained", first == draining));
        return 0;
    }

    /// <returns>Null, or what to do about it.</returns>
    private static string? Start(RingFrontEnd[] rings, IncidentLog incidents, EventLog log)
    {
        try
        {
            foreach (RingFrontEnd ring in rings)
            {
                ring.Iscsi.Incidents = incidents;
                ring.Ring.Start();
            }
        }
        catch (UringException exception)
        {
            return exception.Message;
        }

        if (rings[0].Ring.Engine is EngineKind.Epoll)
        {
            if (rings[0].Ring.EngineRefusal is { } refusal) log.Error("io-uring-refused", ("engine", "epoll"), ("action", $"Served by epoll, slower. {refusal}"));
            return null;
        }

        if (rings.All(ring => ring.Ring.IsArenaRegistered)) return null;
        log.Error(
            "buffers-not-registered",
            ("wantedBytes", rings.Sum(ring => ring.Ring.Arena.LengthBytes)),
            ("limitBytes", ProcessPrivileges.LockedBytesMax()),
            ("action", "disk requests cost more without it: raise LimitMEMLOCK= of the unit (ulimit -l), or lower --rings or --buffers-mib"));
        return null;
    }

    private static async Task<string?> RestoreAsync(ServedConfiguration served, Task<(string? Error, BlockServerConfiguration? Configuration)> kept)
    {
        (string? error, BlockServerConfiguration? configuration) = await kept.ConfigureAwait(false);
        if (configuration is null) return error;
        return (await served.ApplyAsync(configuration, persist: false).ConfigureAwait(false)).Error;
    }

    private static async Task ServeAsync(Func<CancellationToken, Task> serve)
    {
        using var stop = new CancellationTokenSource();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);

        // Configurations come over the control socket; a terminal that hangs up ends nothing.
        using PosixSignalRegistration hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        await serve(stop.Token).ConfigureAwait(false);
    }

    private static async Task UntilCancelledAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
    }

    private static async Task DrainAsync(ServedConfiguration served, RingFrontEnd[] rings)
    {
        await served.StopListeningAsync().ConfigureAwait(false);
        await Task.WhenAll(rings.Select(ring => ring.RunAsync(() => ring.Iscsi.RequestLogout(SessionSelection.All, (ushort)LogoutTime.TotalSeconds)))).ConfigureAwait(false);
        long start = TimeProvider.System.GetTimestamp();
        while (rings.Any(ring => ring.Links > 0) && TimeProvider.System.GetElapsedTime(start) < LogoutTime)
            await Task.Delay(LookAgain).ConfigureAwait(false);
        await Task.WhenAll(rings.Select(ring => ring.RunAsync(() => ring.Iscsi.DropSessions(SessionSelection.All)))).ConfigureAwait(false);
        await served.CloseAsync(DrainTime).ConfigureAwait(false);
        foreach (RingFrontEnd ring in rings) ring.Ring.Stop();
    }

    private static int Fail(EventLog log, string? error)
    {
        log.Error("start-failed", ("error", error));
        return 1;
    }
}
