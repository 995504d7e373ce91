using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Kith.Server.Telemetry;

/// <summary>Requests are chosen by their trace's id, whatever their callers wish, who may be anyone; what a request causes goes with it.</summary>
sealed class CallSampler(double ratio) : Sampler
{
    readonly TraceIdRatioBasedSampler requests = new(ratio);
    readonly ParentBasedSampler causes = new(new AlwaysOffSampler());

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Kind == ActivityKind.Server ? requests.ShouldSample(samplingParameters) : causes.ShouldSample(samplingParameters);
}
