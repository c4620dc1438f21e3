using VSan.Contracts.BlockServer;
using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Guest;

/// <summary>
/// The Linux initiator with multipath in a guest, against the server as a process on this machine: it finds, logs in, formats, verifies under outages,
/// trims, grows and comes back. The negative control's server forgets what it acknowledged when it is killed, and the guest has to say so.
/// </summary>
internal static class GuestRig
{
    private const string Sabotage = "keep-in-memory";
    private const int RingCount = 2;

    public static async Task<Verdict> RunAsync(ProofOptions options, TextWriter log)
    {
        using TestDirectory directory = TestDirectory.For(options.Break ? "GuestBroken" : "Guest");
        await using GuestNetwork network = await GuestNetwork.MakeAsync();
        BlockServerSetup setup = new BlockServerSetup(directory)
        {
            Chap = new ChapCredential("host-user", "a-secret-of-24-characters"),
            TargetChap = new ChapCredential("target-user", "the-targets-own-secret"),
        }.WithVolume(GuestScenario.VolumeBytes);
        BlockServerStart start = new() { Rings = RingCount, Wrapper = network.Enter, Sabotage = options.Break ? Sabotage : null };
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: start);
        await using LinuxGuest guest = await LinuxGuest.BootAsync(directory, network);
        GuestScenario scenario = new(guest, server, setup, network, options.Seed, log);
        long failed = 0, wrong = 0;
        try
        {
            await (options.Break ? scenario.RunToLossAsync() : scenario.RunAsync(options.Count));
        }
        catch (StepFailedException failure)
        {
            (failed, wrong) = (1, failure.IsWrongData ? 1 : 0);
            await log.WriteLineAsync($"{failure.Message}\nconsole, whole in {directory.Location}:\n{guest.ConsoleEnd()}");
        }

        // Only wrong data shows that the guest sees what the control does: any other failure is one of the rig.
        return new Verdict($"{scenario.StepCount} steps, {failed} failed, {wrong} with wrong data", options.Break ? wrong : failed);
    }
}
