using VSan.Iscsi.Pdu;
using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>
/// Task management (RFC 7143, 11.5; SAM-5, 7). A submitted disk write cannot be recalled, so the answer waits until each affected command
/// is done with the medium: it then means that nothing changes any more.
/// </summary>
public sealed partial class IscsiConnection
{
    private void OnTaskManagement(BasicHeader header)
    {
        uint tag = header.InitiatorTaskTag;
        LogicalUnit? unit = _session!.Nexus.Find(header.Lun);
        var function = (TaskManagementFunction)(header.Flags & 0x7F);
        Ring.Counters.CountFunction(function);
        switch (function)
        {
            case TaskManagementFunction.AbortTask:
                AbortOne(header);
                break;
            case TaskManagementFunction.AbortTaskSet when unit is not null:
                Begin(tag, unit, AbortTaskSet, reset: false);
                break;
            case TaskManagementFunction.ClearTaskSet when unit is not null:
                Begin(tag, unit, AbortEverywhere, reset: false);
                break;
            case TaskManagementFunction.LogicalUnitReset when unit is not null:
                Begin(tag, unit, AbortEverywhere, reset: true);
                break;
            case TaskManagementFunction.AbortTaskSet:
            case TaskManagementFunction.ClearTaskSet:
            case TaskManagementFunction.LogicalUnitReset:
                Answer(tag, TaskManagementOutcome.LunDoesNotExist);
                break;
            case TaskManagementFunction.TargetWarmReset:
                ResetTarget(() => Answer(tag, TaskManagementOutcome.Complete));
                break;
            case TaskManagementFunction.TargetColdReset when _session.Target is { Name: var target }:
                // As if the power had gone: every session of the target ends, behind the answer to who asked (RFC 7143, 11.5.1).
                ResetTarget(() =>
                {
                    Answer(tag, TaskManagementOutcome.Complete);
                    Ring.Sessions.EndSessionsOf(target);
                });
                break;
            case TaskManagementFunction.TaskReassign:
                Answer(tag, TaskManagementOutcome.ReassignmentNotSupported);
                break;
            default:
                Answer(tag, TaskManagementOutcome.NotSupported);
                break;
        }
    }

    private void AbortOne(BasicHeader header)
    {
        uint tag = header.InitiatorTaskTag;
        if (_session!.Find(header.TargetTransferTag) is not { } task)
        {
            Answer(tag, TaskManagementOutcome.TaskDoesNotExist);
            return;
        }

        var function = new PendingFunction(() => Answer(tag, TaskManagementOutcome.Complete));
        Abort(task, function);
        function.Done();
    }

    private void Begin(uint tag, LogicalUnit unit, Action<LogicalUnit, PendingFunction> abort, bool reset)
    {
        var function = new PendingFunction(() =>
        {
            if (reset) unit.Reset();
            _session!.WhenAcknowledged(this, () => Answer(tag, TaskManagementOutcome.Complete));
        });
        abort(unit, function);
        function.Done();
    }

    private void ResetTarget(Action onDone)
    {
        LogicalUnit[] units = [.. _session!.Access?.Luns.Values.Select(lun => lun.Unit).Distinct() ?? []];
        var function = new PendingFunction(() =>
        {
            foreach (LogicalUnit unit in units) unit.Reset();
            if (_state == ConnectionState.FullFeature) _session!.WhenAcknowledged(this, onDone);
        });
        foreach (LogicalUnit unit in units) AbortEverywhere(unit, function);
        function.Done();
    }

    private void AbortTaskSet(LogicalUnit unit, PendingFunction waiting)
    {
        foreach (IscsiConnection connection in _session!.Connections) connection.AbortTasks(unit, waiting, this);
    }

    private void AbortEverywhere(LogicalUnit unit, PendingFunction waiting)
    {
        Ring.AbortAll(unit, this, waiting);
        Ring.Sessions.AbortOnOtherRings(unit, this, waiting);
    }

    /// <summary>Ends this connection's commands on <paramref name="unit"/>; if <paramref name="by"/> is of another session, each is answered with TASK ABORTED.</summary>
    internal void AbortTasks(LogicalUnit unit, PendingFunction waiting, IscsiConnection by) => AbortTasks(unit, waiting, tell: !ReferenceEquals(by._session, _session));

    /// <summary>Ends this connection's commands on <paramref name="unit"/> when its nexus is <paramref name="affected"/>.</summary>
    internal void AbortTasksOf(LogicalUnit unit, Func<ScsiNexus, bool> affected, PendingFunction waiting)
    {
        if (_session is not null && affected(_session.Nexus)) AbortTasks(unit, waiting, tell: true);
    }

    private void AbortTasks(LogicalUnit unit, PendingFunction waiting, bool tell)
    {
        foreach (IscsiTask task in OwnTasks())
        {
            if (task.Command.Concerns(unit)) Abort(task, waiting, tell);
        }
    }

    private void Answer(uint tag, TaskManagementOutcome outcome)
    {
        if (_state != ConnectionState.FullFeature) return;
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        TaskManagementResponse.Format(pdu, outcome, tag);
        SendWithStatus(pdu, default);
    }
}
