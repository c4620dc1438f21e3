using VSan.UnitAgent.Enrolment;

namespace VSan.UnitAgent.State;

/// <summary><c>vsan-unit status</c>: what the state directory says, and what the running agent found.</summary>
internal static class StatusReport
{
    /// <summary>The running agent's status, in the state directory.</summary>
    public const string FileName = "status.json";

    /// <summary>Prints the report.</summary>
    /// <exception cref="UnitFailure">There is no unit in the directory.</exception>
    public static void Print(string path, TextWriter output)
    {
        MemberIdentity identity = DurableFile.Read(Path.Combine(path, MemberIdentity.FileName), StateJson.Default.MemberIdentity)
            ?? throw new UnitFailure(ExitCode.Unusable, $"{path} holds no unit. Start one there with: vsan-unit run --state {path} …");
        bool running = StateDirectory.IsTaken(path);
        output.WriteLine($"unit:        {identity.MemberId}");
        output.WriteLine($"agent:       {(running ? "running" : "stopped")}");
        if (DurableFile.Read(Path.Combine(path, FileName), StateJson.Default.UnitStatus) is not { } status) return;
        output.WriteLine($"short code:  {status.ShortCode ?? "none yet: the station is looked for"}");
        output.WriteLine($"state:       {status.Phase}");
        output.WriteLine($"generation:  {status.Configuration.Generation} accepted, {(running ? $"{status.Configuration.AppliedGeneration} served" : "not watched")}");
        if (!running) return;
        output.WriteLine($"station:     {(status.Linked ? "linked" : "not linked")}");
        output.WriteLine($"blockserver: {(status.BlockServerRunning ? $"running, {status.Sessions} sessions" : "down")}");
        foreach (Contracts.UnitLink.UnitCondition condition in status.Configuration.Conditions)
            output.WriteLine($"condition:   {condition.Code}: {condition.Message}");
    }
}
