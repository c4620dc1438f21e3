using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using VSan.Scsi;
using VSan.Scsi.Reservations;
using Xunit;

namespace VSan.Tests.Unit.Scsi.Reservations;

/// <summary>Random histories of three nexuses: every answer, every right, every key and every attention as the model has it.</summary>
[Trait("clause", "SPC-4, 5.12")]
public sealed class ReservationModelTests
{
    private static readonly int[] Types = [1, 3, 5, 6, 7, 8];

    // One generator by 40 steps: FsCheck prints the seed of a failure and makes the history shorter.
    private static Arbitrary<ReservationStep[]> Histories => Arb.From(
        (from nexus in Gen.Choose(0, ReservationModel.Nexuses - 1)
         from action in Gen.Frequency((3, Gen.Constant(0)), (3, Gen.Constant(6)), (6, Gen.Choose(1, 5)))
         from type in Gen.Elements(Types)
         from key in Gen.Choose(0, 3)
         from actionKey in Gen.Choose(0, 3)
         select new ReservationStep(nexus, action, type, key, actionKey)).ArrayOf(40));

    [Fact]
    public void Reservations_RandomHistories_AgreeWithTheModel() =>
        Prop.ForAll(Histories, history => FirstDisagreement(history, static step => step) is null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Model_TypesMixedUp_Disagrees()
    {
        bool disagrees = Histories.Generator.Sample(50).Any(history => FirstDisagreement(history, static step => step with { Type = 9 - step.Type }) is not null);
        Assert.True(disagrees);
    }

    [Fact]
    public void Model_ReleaseForgotten_Disagrees()
    {
        bool disagrees = Histories.Generator.Sample(100).Any(history => FirstDisagreement(history, static step => step.Action == 2 ? step with { Action = 1 } : step) is not null);
        Assert.True(disagrees);
    }

    /// <param name="history">Runs on the product.</param>
    /// <param name="seenByModel">What the model is told instead of each step.</param>
    private static string? FirstDisagreement(ReservationStep[] history, Func<ReservationStep, ReservationStep> seenByModel)
    {
        var bench = new ReservationBench(ReservationModel.Nexuses);
        var model = new ReservationModel();
        foreach (ReservationStep step in history)
        {
            CommandRunner runner = bench.Nexus[step.Nexus];
            int got = ReservationBench.Outcome(runner.Run(step.Cdb, ReservationBench.Parameters((ulong)step.Key, (ulong)step.ActionKey)));
            int expected = model.Run(seenByModel(step));
            if (got != expected) return $"{step}: {got:X}, not {expected:X}";
            string? difference = Difference(bench, model);
            if (difference is not null) return $"after {step}: {difference}";
        }

        return null;
    }

    private static string? Difference(ReservationBench bench, ReservationModel model)
    {
        for (int nexus = 0; nexus < ReservationModel.Nexuses; nexus++)
        {
            List<int> told = [];
            for (int sense = bench.Run(nexus, ReservationBench.Ready); sense != 0; sense = bench.Run(nexus, ReservationBench.Ready)) told.Add(sense & 0xFF);
            if (!told.Order().SequenceEqual(model.TakeAttentions(nexus))) return $"attentions of {nexus}";
            if (bench.Run(nexus, ReservationBench.Read) == 0 != model.May(nexus, write: false)) return $"reading by {nexus}";
            if (bench.Run(nexus, ReservationBench.Write) == 0 != model.May(nexus, write: true)) return $"writing by {nexus}";
        }

        byte[] keys = bench.In(0, 0);
        if (BinaryPrimitives.ReadUInt32BigEndian(keys) != model.Generation) return "generation";
        IEnumerable<int> got = Enumerable.Range(0, (keys.Length - 8) / 8).Select(i => (int)BinaryPrimitives.ReadUInt64BigEndian(keys.AsSpan(8 + (i * 8))));
        if (!got.Order().SequenceEqual(model.Keys)) return "keys";
        byte[] reservation = bench.In(0, 1);
        return (reservation.Length == 8 ? 0 : reservation[21]) == model.Type ? null : "type";
    }
}
